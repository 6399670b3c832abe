using Pds.Domain.Crypto;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories.Mst;
namespace Pds.Domain.Repositories;
/// a repository as of its head, ready to be written to. Head is null before the first commit.
public sealed class Repository(Did did, Commit? head, MstTree tree, ISigner signer, TidClock clock)
{
    public Did Did => did;
    public Commit? Head => head;
    public MstTree Tree => tree;
    /// InvalidSwap when expected is given and is not the head
    public void RequireHead(Cid? expected) => throw new NotImplementedException();
    public Cid? Find(RecordPath path) => throw new NotImplementedException();
    /// one commit of all writes, in order; rev greater than the head's. Refusals: XrpcException InvalidRequest (create existing, update/delete missing, same path twice, > 200 writes, CAR > 2,000,000 bytes, record > 1,000,000 bytes)
    public RepositoryChange Apply(IReadOnlyList<RecordWrite> writes) => throw new NotImplementedException();
}
/// A commit made but not yet kept.
public sealed record RepositoryChange
{
    public required Did Did { get; init; }
    public required Commit Commit { get; init; }
    /// null for the first commit
    public required Commit? Previous { get; init; }
    public required MstTree Tree { get; init; }
    public required IReadOnlyList<RepositoryOp> Ops { get; init; }
    /// CAR of spec 03 §6.2
    public required ReadOnlyMemory<byte> Blocks { get; init; }
}
/// Cid null for deletes; Prev null for creates
public sealed record RepositoryOp(WriteAction Action, RecordPath Path, Cid? Cid, Cid? Prev, DataMap? Record);
