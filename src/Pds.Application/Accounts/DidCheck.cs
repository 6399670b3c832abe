using Pds.Application.Crypto;
using Pds.Application.Identity;
using Pds.Domain.Crypto;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.Identity;

namespace Pds.Application.Accounts;

/// <summary>Whether an identity points at this server, as published at this moment.</summary>
internal sealed class DidCheck(ServerIdentity server, IPlcDirectory directory, IDidResolver resolver, ISigningKeys keys)
{
    /// <summary>What is wrong with the published identity, in words for its owner; <see langword="null"/> when nothing is.</summary>
    public async ValueTask<string?> FindFaultAsync(Did did, CancellationToken cancellationToken) =>
        await FindFaultAsync(did, (await keys.GetAsync(did, cancellationToken)).PublicKey, cancellationToken);

    /// <summary>As the other, for a key that no account here has yet.</summary>
    public async ValueTask<string?> FindFaultAsync(Did did, PublicKey key, CancellationToken cancellationToken)
    {
        try
        {
            string signingKey = key.ToDidKey();
            return did.Method == "plc"
                ? FindFault(await directory.FindLastAsync(did, cancellationToken), signingKey)
                : FindFault(await resolver.ResolveAsync(did, refresh: true, cancellationToken), signingKey);
        }
        catch (XrpcException refusal) when (refusal.Error.Kind is XrpcErrorKind.Invalid)
        {
            return "Could not resolve DID";
        }
    }

    private string? FindFault(PlcOperation? last, string signingKey)
    {
        if (last?.Data is not { } data)
        {
            return "Could not resolve DID";
        }

        return data.RotationKeys.Contains(server.RotationKey.PublicKey.ToDidKey(), StringComparer.Ordinal)
            ? FindFault(data.Services.GetValueOrDefault("atproto_pds")?.Endpoint, data.VerificationMethods.GetValueOrDefault("atproto"), signingKey)
            : "Server rotation key not included in PLC DID data";
    }

    private string? FindFault(DidDocument? document, string signingKey) => document is null
        ? "Could not resolve DID"
        : FindFault(document.PdsEndpoint, document.SigningKey?.ToDidKey(), signingKey);

    private string? FindFault(string? endpoint, string? publishedKey, string signingKey)
    {
        if (endpoint != server.PublicUrl)
        {
            return "DID document atproto_pds service endpoint does not match PDS public url";
        }

        return publishedKey == signingKey ? null : "DID document verification method does not match expected signing key";
    }
}
