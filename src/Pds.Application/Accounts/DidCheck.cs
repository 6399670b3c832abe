using Pds.Application.Crypto;
using Pds.Application.Identity;
using Pds.Domain.Crypto;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.Identity;

namespace Pds.Application.Accounts;

/// <summary>Whether an identity points at this server, as published at this moment.</summary>
/// <remarks>Endpoint, signing key and handle count. The rotation keys of a did:plc do not: its owner may keep them all.</remarks>
internal sealed class DidCheck(ServerIdentity server, IPlcDirectory directory, IDidResolver resolver, ISigningKeys keys)
{
    private const string Unresolved = "Could not resolve DID";

    /// <summary>What is wrong with the published identity of an account, in words for its owner; <see langword="null"/> when nothing is.</summary>
    public async ValueTask<string?> FindFaultAsync(Account account, CancellationToken cancellationToken) =>
        await FindFaultAsync(account.Did, account.Handle, (await keys.GetAsync(account.Did, cancellationToken)).PublicKey, cancellationToken);

    /// <summary>As the other, for an account that is not here yet. An account without a handle may be published under any.</summary>
    public async ValueTask<string?> FindFaultAsync(Did did, Handle? handle, PublicKey key, CancellationToken cancellationToken)
    {
        try
        {
            Published? published = did.Method == "plc"
                ? Read((await directory.FindLastAsync(did, cancellationToken))?.Data)
                : Read(await resolver.ResolveAsync(did, refresh: true, cancellationToken));
            return published is null ? Unresolved : FindFault(published, handle, key.ToDidKey());
        }
        catch (XrpcException refusal) when (refusal.Error.Kind is XrpcErrorKind.Invalid)
        {
            return Unresolved;
        }
    }

    private static Published? Read(PlcData? data) => data is null
        ? null
        : new(data.Services.GetValueOrDefault("atproto_pds")?.Endpoint, data.VerificationMethods.GetValueOrDefault("atproto"), data.FindHandle());

    private static Published? Read(DidDocument? document) => document is null
        ? null
        : new(document.PdsEndpoint, document.SigningKey?.ToDidKey(), document.Handle);

    private string? FindFault(Published published, Handle? handle, string signingKey)
    {
        if (published.Endpoint != server.PublicUrl)
        {
            return "DID document atproto_pds service endpoint does not match PDS public url";
        }

        if (published.SigningKey != signingKey)
        {
            return "DID document verification method does not match expected signing key";
        }

        return handle is null || published.Handle == handle
            ? null
            : $"DID document handle does not match the account's handle: publish at://{handle} as its first handle, or change the account's handle to the published one";
    }

    /// <summary>What an identity says of its server.</summary>
    private sealed record Published(string? Endpoint, string? SigningKey, Handle? Handle);
}
