using Pds.Domain.Identifiers;

namespace Pds.Domain.Identity;

/// <summary>What a <c>did:plc</c> stands for after an operation.</summary>
public sealed record PlcData
{
    private const string AliasPrefix = "at://";

    /// <summary>Keys that may sign the next operation, as <c>did:key</c>, the most powerful first.</summary>
    public required IReadOnlyList<string> RotationKeys { get; init; }

    /// <summary>Keys by name, as <c>did:key</c>; <c>atproto</c> is the one that signs commits.</summary>
    public required IReadOnlyDictionary<string, string> VerificationMethods { get; init; }

    /// <summary>Aliases; the first one beginning with <c>at://</c> is the handle.</summary>
    public required IReadOnlyList<string> AlsoKnownAs { get; init; }

    /// <summary>Services by name; <c>atproto_pds</c> is the account's server.</summary>
    public required IReadOnlyDictionary<string, PlcService> Services { get; init; }

    /// <summary>The first alias that is <c>at://</c> and a valid handle, as in the DID document; <see langword="null"/> when there is none.</summary>
    public Handle? FindHandle()
    {
        foreach (string alias in AlsoKnownAs)
        {
            if (alias.StartsWith(AliasPrefix, StringComparison.Ordinal) && Handle.TryParse(alias[AliasPrefix.Length..], out Handle handle))
            {
                return handle;
            }
        }

        return null;
    }
}

/// <summary>A service of a <c>did:plc</c>.</summary>
/// <param name="Type">For example <c>AtprotoPersonalDataServer</c>.</param>
/// <param name="Endpoint">Its URL.</param>
public sealed record PlcService(string Type, string Endpoint);
