using MediatR;
using Pds.Application.Accounts;
using Pds.Application.Pipeline;
using Pds.Application.Proxying;
using Pds.Application.Settings;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.Identity;

namespace Pds.Application.Identity;

/// <summary>Finds the DID of a handle, without looking whether the DID agrees. Lexicon: <c>com.atproto.identity.resolveHandle</c>.</summary>
/// <param name="Handle">The handle as sent.</param>
[XrpcMethod("com.atproto.identity.resolveHandle")]
public sealed record ResolveHandleQuery(string Handle) : IQuery<ResolveHandleOutput>, IAnonymousRequest;

/// <summary>Answer to <see cref="ResolveHandleQuery"/>.</summary>
/// <param name="Did">What the handle leads to.</param>
public sealed record ResolveHandleOutput(Did Did);

internal sealed class ResolveHandleHandler(
    IAccountStore accounts, IHandleResolver handles, IDidResolver dids, IPlcDirectory plc, AppViewHandles appView, ServerSettings options)
    : IRequestHandler<ResolveHandleQuery, ResolveHandleOutput>
{
    private readonly IdentityLookup _lookup = new(accounts, handles, dids, plc, options);

    public async Task<ResolveHandleOutput> Handle(ResolveHandleQuery query, CancellationToken cancellationToken)
    {
        if (!Domain.Identifiers.Handle.TryParse(query.Handle, out Handle handle))
        {
            throw new XrpcException(RequestErrors.InvalidRequest, "handle must be a valid handle");
        }

        Did? found = await _lookup.FindHostedAsync(handle, cancellationToken);
        if (found is null && !_lookup.IsServiceHandle(handle))
        {
            found = await appView.FindAsync(handle, cancellationToken);
        }

        if ((found ?? await _lookup.FindDidAsync(handle, refresh: false, cancellationToken)) is { } did)
        {
            return new(did);
        }

        throw _lookup.IsServiceHandle(handle)
            ? new XrpcException(IdentityErrors.HandleNotFound, "Unable to resolve handle")
            : new XrpcException(RequestErrors.InvalidRequest, "Unable to resolve handle");
    }
}
