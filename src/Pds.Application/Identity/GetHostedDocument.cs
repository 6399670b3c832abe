using MediatR;
using Pds.Application.Accounts;
using Pds.Application.Crypto;
using Pds.Application.Pipeline;
using Pds.Application.Settings;
using Pds.Domain.Identifiers;

namespace Pds.Application.Identity;

/// <summary>The DID document of a <c>did:web</c> that lies on a host name of ours: the server's own, or an account's whose DID is its host name.</summary>
/// <param name="Host">Host name of the request, without port.</param>
public sealed record GetHostedDocumentQuery(string Host) : IQuery<GetHostedDocumentOutput>, IAnonymousRequest;

/// <summary>Answer to <see cref="GetHostedDocumentQuery"/>.</summary>
/// <param name="Document">The document, or <see langword="null"/> when there is none under that host name.</param>
public sealed record GetHostedDocumentOutput(WebDidDocument? Document);

internal sealed class GetHostedDocumentHandler(IAccountStore accounts, ISigningKeys keys, ServerSettings options)
    : IRequestHandler<GetHostedDocumentQuery, GetHostedDocumentOutput>
{
    public async Task<GetHostedDocumentOutput> Handle(GetHostedDocumentQuery query, CancellationToken cancellationToken)
    {
        string host = query.Host.ToLowerInvariant();
        if (!Did.TryParse($"did:web:{host}", out Did did))
        {
            return new(Document: null);
        }

        if (host == options.Hostname && did == options.ServiceIdentity)
        {
            return new(WebDidDocument.OfServer(did, options.PublicOrigin));
        }

        // Deactivated accounts too: an identity cannot point here, and its account cannot be activated, before its document says so.
        if (await accounts.FindAsync(new AtIdentifier(did), cancellationToken) is not { TakedownRef: null } account)
        {
            return new(Document: null);
        }

        return new(WebDidDocument.OfAccount(did, account.Handle, (await keys.GetAsync(did, cancellationToken)).PublicKey, options.PublicOrigin));
    }
}
