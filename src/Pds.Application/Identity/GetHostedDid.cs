using MediatR;
using Pds.Application.Accounts;
using Pds.Application.Pipeline;
using Pds.Domain.Identifiers;

namespace Pds.Application.Identity;

/// <summary>The DID of an active account of ours by the host name that is its handle: what <c>/.well-known/atproto-did</c> says there.</summary>
/// <param name="Host">Host name of the request, without port.</param>
public sealed record GetHostedDidQuery(string Host) : IQuery<GetHostedDidOutput>, IAnonymousRequest;

/// <summary>Answer to <see cref="GetHostedDidQuery"/>.</summary>
/// <param name="Did">The DID, or <see langword="null"/> when no active account has that handle.</param>
public sealed record GetHostedDidOutput(Did? Did);

internal sealed class GetHostedDidHandler(IAccountStore accounts) : IRequestHandler<GetHostedDidQuery, GetHostedDidOutput>
{
    public async Task<GetHostedDidOutput> Handle(GetHostedDidQuery query, CancellationToken cancellationToken) =>
        Domain.Identifiers.Handle.TryParse(query.Host, out Handle handle)
            && await accounts.FindAsync(new AtIdentifier(handle), cancellationToken) is { IsActive: true } account
                ? new(account.Did)
                : new(Did: null);
}
