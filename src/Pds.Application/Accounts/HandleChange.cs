using Pds.Application.Identity;
using Pds.Application.Moderation;
using Pds.Application.Settings;
using Pds.Domain.Accounts;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.Identity;
using Pds.Domain.Sync;

namespace Pds.Application.Accounts;

/// <summary>Gives an account another handle, for owners and operators alike: first in its identity, then here. What fails in between is mended by doing it again.</summary>
internal sealed class HandleChange(
    IAccountStore accounts, HandleCheck handles, IPlcDirectory directory, IDidResolver resolver, ServerIdentity server, ServerSettings options)
{
    private const string AliasPrefix = "at://";
    private const string WebPrefix = "did:web:";

    /// <summary>Changes the handle and announces it, also when it stays the same.</summary>
    /// <param name="did">The account.</param>
    /// <param name="text">The handle as typed.</param>
    /// <param name="byOperator">The operator may use reserved words and any language.</param>
    /// <param name="audit">The row of the audit trail that is kept with the change; <see langword="null"/> for none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="XrpcException">InvalidHandle, HandleNotAvailable, InvalidRequest; UpstreamFailure when a directory or host could not be asked.</exception>
    public async Task ChangeAsync(Did did, string text, bool byOperator, AuditNote? audit, CancellationToken cancellationToken)
    {
        Handle handle = await handles.RequireAsync(text, did, byOperator, cancellationToken);
        if (await accounts.FindAsync(new AtIdentifier(handle), cancellationToken) is { } holder && holder.Did != did)
        {
            throw new XrpcException(AccountErrors.HandleNotAvailable, $"Handle already taken: {handle}");
        }

        if (did.Method == "plc")
        {
            await PublishAsync(did, handle, cancellationToken);
        }
        else
        {
            await RequirePublishedAsync(did, handle, cancellationToken);
        }

        // From here on it has to be finished: the identity has changed.
        _ = await accounts.UpdateAsync(did, account => new(account with { Handle = handle }, [new IdentityEvent(did, handle)]), audit, CancellationToken.None)
            ?? throw new XrpcException(AuthErrors.AccountNotFound, "Account not found");
        await resolver.TryRefreshAsync(did, cancellationToken);
    }

    /// <summary>The first handle gives way; other aliases stay as they are.</summary>
    internal static IReadOnlyList<string> Replace(IReadOnlyList<string> aliases, Handle handle)
    {
        string alias = AliasPrefix + handle;
        int first = 0;
        while (first < aliases.Count && !aliases[first].StartsWith(AliasPrefix, StringComparison.Ordinal))
        {
            first++;
        }

        return first == aliases.Count
            ? [alias, .. aliases]
            : [.. aliases.Take(first), alias, .. aliases.Skip(first + 1).Where(other => other != alias)];
    }

    private async Task PublishAsync(Did did, Handle handle, CancellationToken cancellationToken)
    {
        PlcOperation last = await directory.RequireLastAsync(did, cancellationToken);
        if (last.Data!.FindHandle() != handle)
        {
            PlcOperation operation = server.SignUpdate(last, last.Data with { AlsoKnownAs = Replace(last.Data.AlsoKnownAs, handle) });
            await directory.SubmitAsync(did, operation, cancellationToken);
        }
    }

    /// <summary>Nobody but its owner can change the document of a did:web, unless it lies on a host name that this server answers for.</summary>
    private async Task RequirePublishedAsync(Did did, Handle handle, CancellationToken cancellationToken)
    {
        string text = did.ToString();
        bool isOurs = text.StartsWith(WebPrefix, StringComparison.Ordinal) && options.HandleDomains.Any(domain => text.EndsWith(domain, StringComparison.OrdinalIgnoreCase));
        if (!isOurs && (await resolver.ResolveAsync(did, refresh: true, cancellationToken))?.Handle != handle)
        {
            throw new XrpcException(RequestErrors.InvalidRequest, "DID is not properly configured for handle");
        }
    }
}
