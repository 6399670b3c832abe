using MediatR;
using Pds.Application.Accounts;
using Pds.Application.Pipeline;
using Pds.Application.Repositories;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;

namespace Pds.Application.Sync;

/// <summary>Tells where a repository stands. Lexicon: <c>com.atproto.sync.getLatestCommit</c>.</summary>
/// <param name="Did">Whose.</param>
/// <param name="Caller">Who asks.</param>
[XrpcMethod("com.atproto.sync.getLatestCommit")]
public sealed record GetLatestCommitQuery(Did Did, Caller Caller) : IQuery<GetLatestCommitOutput>, IAnonymousRequest;

/// <summary>Output of <see cref="GetLatestCommitQuery"/>.</summary>
/// <param name="Cid">CID of the head commit.</param>
/// <param name="Rev">Its revision.</param>
public sealed record GetLatestCommitOutput(Cid Cid, Tid Rev);

internal sealed class GetLatestCommitHandler(IAccountStore accounts, IRepositoryStore repositories)
    : IRequestHandler<GetLatestCommitQuery, GetLatestCommitOutput>
{
    public async Task<GetLatestCommitOutput> Handle(GetLatestCommitQuery request, CancellationToken cancellationToken)
    {
        await accounts.RequireReadableAsync(new AtIdentifier(request.Did), request.Caller, cancellationToken);
        Commit head = await repositories.FindHeadAsync(request.Did, cancellationToken)
            ?? throw RepositoryAvailability.NotFound(request.Did);
        return new GetLatestCommitOutput(head.Cid, head.Rev);
    }
}
