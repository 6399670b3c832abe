namespace Pds.Application.Factors;

/// <summary>How long things last, and how many there may be.</summary>
internal static class FactorLimits
{
    public const int RecoveryCodes = 10;
    public const int Passkeys = 20;
    public const int NameLength = 64;

    public static readonly TimeSpan Challenge = TimeSpan.FromMinutes(5);
    public static readonly TimeSpan Pending = TimeSpan.FromMinutes(10);
    public static readonly TimeSpan Setup = TimeSpan.FromMinutes(10);
    public static readonly TimeSpan Trust = TimeSpan.FromDays(30);
}
