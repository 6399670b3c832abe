using MediatR;
using Pds.Application.Accounts;
using Pds.Application.Pipeline;
using Pds.Application.Repositories;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;

namespace Pds.Application.Sync;

/// <summary>The older form of <see cref="GetLatestCommitQuery"/>. Lexicon: <c>com.atproto.sync.getHead</c>.</summary>
/// <param name="Did">Whose.</param>
/// <param name="Caller">Who asks.</param>
[XrpcMethod("com.atproto.sync.getHead")]
public sealed record GetHeadQuery(Did Did, Caller Caller) : IQuery<GetHeadOutput>, IAnonymousRequest;

/// <summary>Output of <see cref="GetHeadQuery"/>.</summary>
/// <param name="Root">CID of the head commit.</param>
public sealed record GetHeadOutput(Cid Root);

internal sealed class GetHeadHandler(IAccountStore accounts, IRepositoryStore repositories) : IRequestHandler<GetHeadQuery, GetHeadOutput>
{
    public async Task<GetHeadOutput> Handle(GetHeadQuery request, CancellationToken cancellationToken)
    {
        await accounts.RequireReadableAsync(
            new AtIdentifier(request.Did), request.Caller, cancellationToken);
        Commit head = await repositories.FindHeadAsync(request.Did, cancellationToken)
            ?? throw RepositoryAvailability.NotFound(request.Did);
        return new GetHeadOutput(head.Cid);
    }
}
