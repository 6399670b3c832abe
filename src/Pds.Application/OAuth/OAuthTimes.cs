namespace Pds.Application.OAuth;

/// <summary>How long things last (spec 07 §1).</summary>
internal static class OAuthTimes
{
    public static readonly TimeSpan Request = TimeSpan.FromSeconds(300);
    public static readonly TimeSpan Code = TimeSpan.FromSeconds(300);
    public static readonly TimeSpan AccessToken = TimeSpan.FromMinutes(15);
    public static readonly TimeSpan SignIn = TimeSpan.FromDays(7);
    public static readonly TimeSpan FreshSignIn = TimeSpan.FromMinutes(10);
    public static readonly TimeSpan Assertion = TimeSpan.FromSeconds(60);
    public static readonly TimeSpan RequestObject = TimeSpan.FromSeconds(59);
    public static readonly TimeSpan ProofAge = TimeSpan.FromSeconds(10);
    public static readonly TimeSpan ProofTolerance = TimeSpan.FromSeconds(180);
    public static readonly TimeSpan ProofMemory = (ProofAge + ProofTolerance + ProofTolerance) * 1.1;
    public static readonly TimeSpan ChallengeMemory = TimeSpan.FromDays(1);
    public static readonly TimeSpan CookieRotation = TimeSpan.FromMinutes(5);
    public static readonly TimeSpan CookieGrace = TimeSpan.FromSeconds(5);

    /// <summary>Whole life of a session.</summary>
    public static TimeSpan Session(bool isTrustworthy) => isTrustworthy ? TimeSpan.FromDays(2 * 365) : TimeSpan.FromDays(14);

    /// <summary>Life of a session that is not used.</summary>
    public static TimeSpan Idle(bool isTrustworthy) => isTrustworthy ? TimeSpan.FromDays(90) : TimeSpan.FromDays(14);
}
