using MediatR;
using Pds.Application.Accounts;
using Pds.Application.Pipeline;
using Pds.Application.Settings;
using Pds.Domain.Identifiers;

namespace Pds.Application.Identity;

/// <summary>Finds DID, verified handle and document by DID or handle. Lexicon: <c>com.atproto.identity.resolveIdentity</c>.</summary>
/// <param name="Identifier">DID or handle.</param>
[XrpcMethod("com.atproto.identity.resolveIdentity")]
public sealed record ResolveIdentityQuery(AtIdentifier Identifier) : IQuery<IdentityInfo>, IAnonymousRequest;

internal sealed class ResolveIdentityHandler(IAccountStore accounts, IHandleResolver handles, IDidResolver dids, IPlcDirectory plc, ServerSettings options)
    : IRequestHandler<ResolveIdentityQuery, IdentityInfo>
{
    private readonly IdentityLookup _lookup = new(accounts, handles, dids, plc, options);

    public Task<IdentityInfo> Handle(ResolveIdentityQuery query, CancellationToken cancellationToken) =>
        _lookup.ResolveAsync(query.Identifier, refresh: false, cancellationToken);
}
