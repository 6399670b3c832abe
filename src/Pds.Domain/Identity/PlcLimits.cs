using Pds.Domain.Crypto;

namespace Pds.Domain.Identity;

/// <summary>What the directory demands of every new operation, whatever came before it.</summary>
/// <remarks>Lengths of text are in UTF-16 units, as the directory counts them.</remarks>
public static class PlcLimits
{
    /// <summary>Largest encoding of a signed operation, in bytes.</summary>
    public const int MaxOperationLength = 4000;

    /// <summary>Most rotation keys.</summary>
    public const int MaxRotationKeys = 10;

    /// <summary>Most aliases.</summary>
    public const int MaxAliases = 10;

    /// <summary>Longest alias.</summary>
    public const int MaxAliasLength = 258;

    /// <summary>Most services.</summary>
    public const int MaxServices = 10;

    /// <summary>Most verification methods.</summary>
    public const int MaxVerificationMethods = 10;

    /// <summary>Longest name of a service or verification method.</summary>
    public const int MaxNameLength = 32;

    /// <summary>Longest type of a service.</summary>
    public const int MaxServiceTypeLength = 256;

    /// <summary>Longest endpoint of a service.</summary>
    public const int MaxEndpointLength = 512;

    /// <summary>Longest <c>did:key</c> of a verification method, which may be of a curve we do not know.</summary>
    public const int MaxDidKeyLength = 256;

    /// <summary>How many operations on one DID the directory takes in a given time.</summary>
    internal static readonly IReadOnlyList<(TimeSpan Window, int Operations, string Name)> Rates =
    [
        (TimeSpan.FromHours(1), 10, "hour"),
        (TimeSpan.FromDays(1), 30, "day"),
        (TimeSpan.FromDays(7), 100, "week"),
    ];

    /// <summary>The first limit that an operation breaks, in words fit for the client; <see langword="null"/> when it breaks none.</summary>
    public static string? FindFault(PlcOperation operation)
    {
        if (operation.IsLegacy)
        {
            return "Operations of type create are no longer accepted.";
        }

        if (operation.Encoding.Length > MaxOperationLength)
        {
            return $"The operation is larger than {MaxOperationLength} bytes.";
        }

        return operation.Data is { } data
            ? RotationKeyFault(data.RotationKeys) ?? AliasFault(data.AlsoKnownAs) ?? ServiceFault(data.Services) ?? MethodFault(data.VerificationMethods)
            : null;
    }

    private static string? RotationKeyFault(IReadOnlyList<string> keys) => keys switch
    {
        { Count: 0 } => "There must be at least one rotation key.",
        { Count: > MaxRotationKeys } => $"There are more than {MaxRotationKeys} rotation keys.",
        _ when !keys.All(key => PublicKey.TryParseDidKey(key, out _)) => "A rotation key is not a did:key of secp256k1 or P-256.",
        _ => HasDuplicates(keys) ? "A rotation key occurs twice." : null,
    };

    private static string? AliasFault(IReadOnlyList<string> aliases) => aliases switch
    {
        { Count: > MaxAliases } => $"There are more than {MaxAliases} aliases.",
        _ when aliases.Any(alias => alias.Length > MaxAliasLength) => $"An alias is longer than {MaxAliasLength} characters.",
        _ => HasDuplicates(aliases) ? "An alias occurs twice." : null,
    };

    private static string? ServiceFault(IReadOnlyDictionary<string, PlcService> services) => services switch
    {
        { Count: > MaxServices } => $"There are more than {MaxServices} services.",
        _ when services.Keys.Any(name => name.Length > MaxNameLength) => $"The name of a service is longer than {MaxNameLength} characters.",
        _ when services.Values.Any(service => service.Type.Length > MaxServiceTypeLength) => $"The type of a service is longer than {MaxServiceTypeLength} characters.",
        _ when services.Values.Any(service => service.Endpoint.Length > MaxEndpointLength) => $"An endpoint is longer than {MaxEndpointLength} characters.",
        _ => null,
    };

    private static string? MethodFault(IReadOnlyDictionary<string, string> methods) => methods switch
    {
        { Count: > MaxVerificationMethods } => $"There are more than {MaxVerificationMethods} verification methods.",
        _ when methods.Keys.Any(name => name.Length > MaxNameLength) => $"The name of a verification method is longer than {MaxNameLength} characters.",
        _ when methods.Values.Any(key => key.Length > MaxDidKeyLength || !key.StartsWith("did:key:z", StringComparison.Ordinal)) => "A verification method is not a did:key.",
        _ => null,
    };

    private static bool HasDuplicates(IReadOnlyList<string> values) => values.Distinct(StringComparer.Ordinal).Count() != values.Count;
}
