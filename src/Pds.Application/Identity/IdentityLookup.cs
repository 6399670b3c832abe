using Pds.Application.Accounts;
using Pds.Application.Settings;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.Identity;

namespace Pds.Application.Identity;

/// <summary>Finds identities for the methods that only differ in how fresh the answer must be and what they tell.</summary>
/// <param name="accounts">Ours are known without asking.</param>
/// <param name="handles">For everybody else's handle.</param>
/// <param name="dids">For documents.</param>
/// <param name="plc">Tells DIDs that were ended from those that never were.</param>
/// <param name="options">Names the domains whose handles only we can know.</param>
internal sealed class IdentityLookup(IAccountStore accounts, IHandleResolver handles, IDidResolver dids, IPlcDirectory plc, ServerSettings options)
{
    /// <summary>The document of a DID.</summary>
    /// <param name="did">The DID.</param>
    /// <param name="refresh">Past the cache.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="XrpcException">DidNotFound, DidDeactivated, or what the resolver refuses with.</exception>
    public async Task<DidDocument> RequireDocumentAsync(Did did, bool refresh, CancellationToken cancellationToken)
    {
        if (await dids.ResolveAsync(did, refresh, cancellationToken) is { } document)
        {
            return document;
        }

        throw did.Method == "plc" && await plc.IsTombstonedAsync(did, cancellationToken)
            ? new XrpcException(IdentityErrors.DidDeactivated, $"{did} was deactivated.")
            : new XrpcException(IdentityErrors.DidNotFound, $"{did} was not found.");
    }

    /// <summary>The DID of the active account here that has the handle.</summary>
    public async Task<Did?> FindHostedAsync(Handle handle, CancellationToken cancellationToken) =>
        await accounts.FindAsync(new AtIdentifier(handle), cancellationToken) is { IsActive: true } account ? account.Did : null;

    /// <summary>The DID of a handle: from our accounts if it is an active one of them or lies under our domains, else from its owner.</summary>
    public async Task<Did?> FindDidAsync(Handle handle, bool refresh, CancellationToken cancellationToken)
    {
        if (await FindHostedAsync(handle, cancellationToken) is { } did)
        {
            return did;
        }

        if (IsServiceHandle(handle))
        {
            return null;
        }

        return refresh
            ? await handles.ResolveAsync(handle, cancellationToken)
            : await handles.ResolveCachedAsync(handle, cancellationToken);
    }

    /// <summary>An identity by either name, its handle verified both ways.</summary>
    /// <exception cref="XrpcException">HandleNotFound, DidNotFound, DidDeactivated, or what the resolver refuses with.</exception>
    public async Task<IdentityInfo> ResolveAsync(AtIdentifier identifier, bool refresh, CancellationToken cancellationToken)
    {
        if (identifier.TryGetHandle(out Handle handle))
        {
            Did found = await FindDidAsync(handle, refresh, cancellationToken)
                ?? throw new XrpcException(IdentityErrors.HandleNotFound, $"{handle} was not found.");
            DidDocument owned = await RequireDocumentAsync(found, refresh, cancellationToken);
            return new(found, owned.Handle == handle ? handle : Handle.Invalid, owned);
        }

        identifier.TryGetDid(out Did did);
        DidDocument document = await RequireDocumentAsync(did, refresh, cancellationToken);
        bool pointsBack = document.Handle is { } claimed && await FindDidAsync(claimed, refresh, cancellationToken) == did;
        return new(did, pointsBack ? document.Handle!.Value : Handle.Invalid, document);
    }

    /// <summary>Whether only this server can know the handle.</summary>
    public bool IsServiceHandle(Handle handle)
    {
        string text = handle.ToString();
        return options.HandleDomains.Any(domain => text.EndsWith(domain, StringComparison.OrdinalIgnoreCase) || text.Equals(domain.TrimStart('.'), StringComparison.OrdinalIgnoreCase));
    }
}
