using MediatR;
using Pds.Application.Accounts;
using Pds.Application.Pipeline;
using Pds.Application.Settings;
using Pds.Domain.Identifiers;
using Pds.Domain.Identity;

namespace Pds.Application.Identity;

/// <summary>Finds the document of a DID. Lexicon: <c>com.atproto.identity.resolveDid</c>.</summary>
/// <param name="Did">The DID.</param>
[XrpcMethod("com.atproto.identity.resolveDid")]
public sealed record ResolveDidQuery(Did Did) : IQuery<ResolveDidOutput>, IAnonymousRequest;

/// <summary>Answer to <see cref="ResolveDidQuery"/>.</summary>
/// <param name="DidDoc">The document as its source gave it.</param>
public sealed record ResolveDidOutput(DidDocument DidDoc);

internal sealed class ResolveDidHandler(IAccountStore accounts, IHandleResolver handles, IDidResolver dids, IPlcDirectory plc, ServerSettings options)
    : IRequestHandler<ResolveDidQuery, ResolveDidOutput>
{
    private readonly IdentityLookup _lookup = new(accounts, handles, dids, plc, options);

    public async Task<ResolveDidOutput> Handle(ResolveDidQuery query, CancellationToken cancellationToken) =>
        new(await _lookup.RequireDocumentAsync(query.Did, refresh: false, cancellationToken));
}
