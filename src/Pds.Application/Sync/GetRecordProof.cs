using MediatR;
using Pds.Application.Accounts;
using Pds.Application.Pipeline;
using Pds.Application.Repositories;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;
using Pds.Domain.Repositories.Mst;

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
        private protected override async ValueTask WriteBlocksAsync(CancellationToken cancellationToken)
        {
            WriteHeader(Snapshot.Head.Cid);
            await WriteAsync(Snapshot.Head.Cid, Snapshot.Head.Bytes, cancellationToken);

            string text = path.ToString();
            foreach (MstNode node in Snapshot.Tree.Proof(text))
            {
                await WriteAsync(node.Cid, node.Bytes, cancellationToken);
            }

            if (Snapshot.Tree.TryGet(text, out Domain.DataModel.Cid cid))
            {
                ReadOnlyMemory<byte> record = Snapshot.FindRecord(path) ?? throw new MissingBlockException(cid);
                await WriteAsync(cid, record, cancellationToken);
            }
        }
    }
}
