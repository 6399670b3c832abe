using MediatR;
using Pds.Application.Accounts;
using Pds.Application.Pipeline;
using Pds.Application.Repositories;
using Pds.Domain.Accounts;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;

namespace Pds.Application.Sync;

/// <summary>Tells whether a repository is served, also when it is not. Lexicon: <c>com.atproto.sync.getRepoStatus</c>.</summary>
/// <param name="Did">Whose.</param>
[XrpcMethod("com.atproto.sync.getRepoStatus")]
public sealed record GetRepoStatusQuery(Did Did) : IQuery<GetRepoStatusOutput>, IAnonymousRequest;

/// <summary>Output of <see cref="GetRepoStatusQuery"/>.</summary>
/// <param name="Did">Whose.</param>
/// <param name="Active">Whether it is served.</param>
/// <param name="Status">Why not; <see langword="null"/> when it is.</param>
/// <param name="Rev">Revision of its head; <see langword="null"/> unless it is served.</param>
public sealed record GetRepoStatusOutput(Did Did, bool Active, AccountStatus? Status, Tid? Rev);

internal sealed class GetRepoStatusHandler(IAccountStore accounts, IRepositoryStore repositories)
    : IRequestHandler<GetRepoStatusQuery, GetRepoStatusOutput>
{
    public async Task<GetRepoStatusOutput> Handle(GetRepoStatusQuery request, CancellationToken cancellationToken)
    {
        Account account = await accounts.FindAsync(new AtIdentifier(request.Did), cancellationToken)
            ?? throw RepositoryAvailability.NotFound(request.Did);
        Commit? head = account.IsActive ? await repositories.FindHeadAsync(account.Did, cancellationToken) : null;
        return new GetRepoStatusOutput(account.Did, account.IsActive, account.Status, head?.Rev);
    }
}
