using MediatR;
using Pds.Application.Accounts;
using Pds.Application.Pipeline;
using Pds.Application.Repositories;
using Pds.Domain.DataModel;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;

namespace Pds.Application.Sync;

/// <summary>Exports single blocks of a repository, in the order asked for. Lexicon: <c>com.atproto.sync.getBlocks</c>.</summary>
/// <param name="Did">Whose.</param>
/// <param name="Cids">Which; repetitions count once.</param>
/// <param name="Caller">Who asks.</param>
[XrpcMethod("com.atproto.sync.getBlocks")]
public sealed record GetBlocksQuery(Did Did, IReadOnlyList<Cid> Cids, Caller Caller) : IQuery<CarExport>, IAnonymousRequest;

internal sealed class GetBlocksHandler(IAccountStore accounts, IRepositoryStore repositories) : IRequestHandler<GetBlocksQuery, CarExport>
{
    public async Task<CarExport> Handle(GetBlocksQuery request, CancellationToken cancellationToken)
    {
        await accounts.RequireReadableAsync(new AtIdentifier(request.Did), request.Caller, cancellationToken);
        IRepositorySnapshot snapshot = await repositories.OpenSnapshotAsync(request.Did, cancellationToken)
            ?? throw RepositoryAvailability.NotFound(request.Did);
        try
        {
            HashSet<Cid> wanted = [.. request.Cids];
            List<Cid> missing = [.. wanted.Where(cid => snapshot.FindBlock(cid) is null)];
            return missing.Count == 0
                ? new ChosenBlocks(snapshot, wanted)
                : throw new XrpcException(RepositoryErrors.BlockNotFound, $"Could not find cids: {string.Join(", ", missing)}");
        }
        catch
        {
            await snapshot.DisposeAsync();
            throw;
        }
    }

    /// <summary>Blocks are looked up again when they are written: holding all of them could take a hundred megabytes.</summary>
    private sealed class ChosenBlocks(IRepositorySnapshot snapshot, IReadOnlyCollection<Cid> cids) : CarExport(snapshot)
    {
        private protected override async ValueTask WriteBlocksAsync(CancellationToken cancellationToken)
        {
            WriteHeader();
            foreach (Cid cid in cids)
            {
                ReadOnlyMemory<byte> block = Snapshot.FindBlock(cid) ?? throw new MissingBlockException(cid);
                await WriteAsync(cid, block, cancellationToken);
            }
        }
    }
}
