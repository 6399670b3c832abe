using Pds.Domain.Crypto;
using Pds.Domain.DataModel;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories.Mst;

namespace Pds.Domain.Repositories;

/// <summary>A repository as of its head, ready to be written to. Immutable: a write gives a <see cref="RepositoryChange"/>.</summary>
/// <param name="did">Whose repository.</param>
/// <param name="head">The head; <see langword="null"/> before the first commit.</param>
/// <param name="tree">The tree of the head, sealed; the empty one before the first commit.</param>
/// <param name="signer">Signs with the account's current key.</param>
/// <param name="clock">Gives the revisions.</param>
public sealed class Repository(Did did, Commit? head, MstTree tree, ISigner signer, TidClock clock)
{
    /// <summary>Whose repository.</summary>
    public Did Did => did;

    /// <summary>The head; <see langword="null"/> before the first commit.</summary>
    public Commit? Head => head;

    /// <summary>The tree of the head.</summary>
    public MstTree Tree => tree;

    /// <summary>The current version of a record; <see langword="null"/> when there is none.</summary>
    public Cid? Find(RecordPath path) => tree.TryGet(path.ToString(), out Cid cid) ? cid : null;

    /// <summary>Judges <c>swapCommit</c>.</summary>
    /// <param name="expected">What the caller built upon; <see langword="null"/> when it does not care.</param>
    /// <exception cref="XrpcException">InvalidSwap: the head is another one.</exception>
    public void RequireHead(Cid? expected)
    {
        if (expected is not null && expected != head?.Cid)
        {
            throw new XrpcException(RepositoryErrors.InvalidSwap, $"Commit was at {Name(head?.Cid)}");
        }
    }

    /// <summary>Judges <c>swapRecord</c> and tells the current version of the record; <see langword="null"/> when there is none.</summary>
    /// <exception cref="XrpcException">InvalidSwap: the record is not what the caller demands.</exception>
    public Cid? RequireRecord(RecordPath path, RecordSwap expected)
    {
        Cid? current = Find(path);
        return expected.Accepts(current)
            ? current
            : throw new XrpcException(RepositoryErrors.InvalidSwap, $"Record was at {Name(current)}");
    }

    /// <summary>Makes one commit of all writes, each judged on what the ones before it left. Without writes it is a new commit of the same tree.</summary>
    /// <returns>The change: for each path the net operation, none where the writes undo each other. Its revision is greater than the head's.</returns>
    /// <exception cref="XrpcException">
    /// InvalidRequest: a record to create exists, one to update or delete does not, or a limit of <see cref="RepositoryLimits"/> is passed.
    /// Nothing has changed then.
    /// </exception>
    public RepositoryChange Apply(IReadOnlyList<RecordWrite> writes)
    {
        if (writes.Count > RepositoryLimits.MaxWrites)
        {
            throw Refusal($"Too many writes. Max: {RepositoryLimits.MaxWrites}");
        }

        RepositoryOp[] ops = writes.Count == 1 ? [Judge(writes[0], Find(writes[0].Path))] : JudgeInOrder(writes);
        MstTree next = tree;
        foreach (RepositoryOp op in ops)
        {
            string path = op.Path.ToString();
            next = op.Action switch
            {
                WriteAction.Create => next.Insert(path, op.Cid!.Value),
                WriteAction.Update => next.Update(path, op.Cid!.Value),
                _ => next.Remove(path),
            };
        }

        Tid rev = clock.NextAfter(head?.Rev);
        next = next.Seal(rev);
        Commit commit = Commit.Sign(did, next.Root, rev, signer);
        return new RepositoryChange
        {
            Did = did,
            Commit = commit,
            Previous = head,
            Tree = next,
            Ops = ops,
            Blocks = CommitSlice.Encode(commit, next, ops),
        };
    }

    /// <summary>This repository once a change that was built upon it is its head.</summary>
    public Repository Advance(RepositoryChange change) => new(did, change.Commit, change.Tree, signer, clock);

    private RepositoryOp[] JudgeInOrder(IReadOnlyList<RecordWrite> writes)
    {
        var net = new OrderedDictionary<RecordPath, RepositoryOp>(writes.Count);
        foreach (RecordWrite write in writes)
        {
            if (!net.TryGetValue(write.Path, out RepositoryOp? earlier))
            {
                net.Add(write.Path, Judge(write, Find(write.Path)));
                continue;
            }

            RepositoryOp op = Judge(write, earlier.Cid);
            WriteAction action = earlier.Prev is null ? WriteAction.Create : op.Cid is null ? WriteAction.Delete : WriteAction.Update;
            net[write.Path] = op with { Action = action, Prev = earlier.Prev };
        }

        return [.. net.Values.Where(op => op.Cid != op.Prev || op.Action == WriteAction.Update)];
    }

    private static RepositoryOp Judge(RecordWrite write, Cid? current)
    {
        if (write.Action == WriteAction.Create ? current is not null : current is null)
        {
            throw Refusal(write.Action == WriteAction.Create ? $"There is already a record at {write.Path}" : $"There is no record at {write.Path}");
        }

        if (write.Action == WriteAction.Delete)
        {
            return new RepositoryOp(write.Action, write.Path, Cid: null, current, Record: null);
        }

        DataMap record = write.Record ?? throw new ArgumentException("A record to create or update has content.", nameof(write));
        return record.Cbor.Length <= RepositoryLimits.MaxRecordBytes
            ? new RepositoryOp(write.Action, write.Path, record.Cid, current, record)
            : throw Refusal($"The record at {write.Path} is too large. Max: {RepositoryLimits.MaxRecordBytes} bytes");
    }

    private static string Name(Cid? cid) => cid?.ToString() ?? "null";

    private static XrpcException Refusal(string message) => new(RequestErrors.InvalidRequest, message);
}
