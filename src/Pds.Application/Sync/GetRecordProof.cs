using MediatR;
using Pds.Application.Accounts;
using Pds.Application.Pipeline;
using Pds.Application.Repositories;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;

namespace Pds.Application.Sync;

/// <summary>Proves that a record is in a repository, or that it is not. Lexicon: <c>com.atproto.sync.getRecord</c>.</summary>
/// <param name="Did">Whose.</param>
/// <param name="Path">Which record.</param>
/// <param name="Caller">Who asks.</param>
public sealed record GetRecordProofQuery(Did Did, RecordPath Path, Caller Caller) : IQuery<CarExport>, IAnonymousRequest;

internal sealed class GetRecordProofHandler(IAccountStore accounts, IRepositoryStore repositories)
    : IRequestHandler<GetRecordProofQuery, CarExport>
{
    public async Task<CarExport> Handle(GetRecordProofQuery request, CancellationToken cancellationToken)
    {
        await accounts.RequireReadableAsync(new AtIdentifier(request.Did), request.Caller, cancellationToken);
        IRepositorySnapshot snapshot = await repositories.OpenSnapshotAsync(request.Did, cancellationToken)
            ?? throw RepositoryAvailability.NotFound(request.Did);
        return new RecordProof(snapshot, request.Path);
    }

    /// <summary>The commit, the nodes on the way to the record's place, and the record when it is there.</summary>
    private sealed class RecordProof(IRepositorySnapshot snapshot, RecordPath path) : CarExport(snapshot)
    {
        // A proof is small, so it is taken whole: a client that reads slowly holds no view of the database.
        private protected override async ValueTask WriteBlocksAsync(CancellationToken cancellationToken)
        {
            Commit head = Snapshot.Head;
            string text = path.ToString();
            List<(Cid Cid, ReadOnlyMemory<byte> Bytes)> blocks = [(head.Cid, head.Bytes), .. Snapshot.Tree.Proof(text).Select(node => (node.Cid, node.Bytes))];
            if (Snapshot.Tree.TryGet(text, out Cid cid))
            {
                blocks.Add((cid, Snapshot.FindRecord(path) ?? throw new MissingBlockException(cid)));
            }

            await ReleaseSnapshotAsync();
            WriteHeader(head.Cid);
            foreach ((Cid block, ReadOnlyMemory<byte> bytes) in blocks)
            {
                await WriteAsync(block, bytes, cancellationToken);
            }
        }
    }
}
