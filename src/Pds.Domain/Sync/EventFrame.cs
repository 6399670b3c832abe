using Pds.Domain.Repositories;

namespace Pds.Domain.Sync;

/// <summary>Encodes and decodes the messages of <c>com.atproto.sync.subscribeRepos</c>: a header map, then a body map, both canonical DAG-CBOR.</summary>
/// <remarks>
/// Keys stand in canonical order, shorter ones first. Keys whose value may be null (<c>since</c>, <c>cid</c>) are always there; keys that
/// may be absent (<c>prev</c>, <c>prevData</c>, <c>status</c>, <c>handle</c>) are never null. There is no <c>$type</c>. <c>seq</c> and <c>time</c> come from
/// <see cref="EventBody"/>.
/// <para>Source: <see href="https://atproto.com/specs/event-stream"/></para>
/// </remarks>
public static partial class EventFrame
{
    private delegate void Body<in T>(ref FrameWriter writer, T value);

    /// <summary>Encodes an event: its body, and the frame as a copy of that with the number.</summary>
    /// <param name="repoEvent">What happened.</param>
    /// <param name="seq">Its sequence number, at least 1.</param>
    /// <param name="time">When it was sequenced.</param>
    public static byte[] Encode(RepoEvent repoEvent, long seq, DateTimeOffset time) => EventBody.ToFrame(EncodeBody(repoEvent), seq, time);

    /// <summary>Encodes an event without <c>seq</c> and <c>time</c>, see <see cref="EventBody"/>.</summary>
    internal static byte[] EncodeBody(RepoEvent repoEvent) => repoEvent switch
    {
        CommitEvent commit => Encode(WriteCommit, commit),
        SyncEvent sync => Encode(WriteSync, sync),
        IdentityEvent identity => Encode(WriteIdentity, identity),
        AccountEvent account => Encode(WriteAccount, account),
        _ => throw new ArgumentException("There is no message for this kind of event.", nameof(repoEvent)),
    };

    /// <summary>Encodes an <c>#info</c> message: a remark about the stream, without a sequence number.</summary>
    public static byte[] Info(string name, string? message) => Encode(WriteInfo, (name, message));

    /// <summary>Encodes an error frame; the stream is closed after it.</summary>
    public static byte[] Error(string error, string? message) => Encode(WriteError, (error, message));

    private static byte[] Encode<T>(Body<T> body, T value)
    {
        var counter = new FrameWriter([]);
        body(ref counter, value);
        byte[] frame = GC.AllocateUninitializedArray<byte>(counter.Position);
        var writer = new FrameWriter(frame);
        body(ref writer, value);
        return frame;
    }

    private static void WriteCommit(ref FrameWriter writer, CommitEvent made)
    {
        CommitClaim claim = made.Claim;
        WriteHeader(ref writer, "#commit"u8);
        writer.Map(claim.PrevData is null ? 9 : 10);
        writer.Key("ops"u8);
        WriteOps(ref writer, claim.Ops);
        writer.Key("rev"u8);
        writer.Tid(claim.Rev);
        writer.Key("repo"u8);
        writer.Text(claim.Did.Text);
        writer.Key("blobs"u8);
        writer.Array(0);
        writer.Key("since"u8);
        if (claim.Since is { } since)
        {
            writer.Tid(since);
        }
        else
        {
            writer.Null();
        }

        writer.Key("blocks"u8);
        writer.Bytes(claim.Blocks.Span);
        writer.Key("commit"u8);
        writer.Link(claim.Commit);
        writer.Key("rebase"u8);
        writer.Boolean(false);
        writer.Key("tooBig"u8);
        writer.Boolean(false);
        if (claim.PrevData is { } prevData)
        {
            writer.Key("prevData"u8);
            writer.Link(prevData);
        }
    }

    private static void WriteOps(ref FrameWriter writer, IReadOnlyList<RepositoryOp> ops)
    {
        writer.Array(ops.Count);
        for (int i = 0; i < ops.Count; i++)
        {
            RepositoryOp op = ops[i];
            writer.Map(op.Prev is null ? 3 : 4);
            writer.Key("cid"u8);
            if (op.Cid is { } cid)
            {
                writer.Link(cid);
            }
            else
            {
                writer.Null();
            }

            writer.Key("path"u8);
            writer.Text(op.Path.ToString());
            if (op.Prev is { } prev)
            {
                writer.Key("prev"u8);
                writer.Link(prev);
            }

            writer.Key("action"u8);
            writer.Text(ActionName(op.Action));
        }
    }

    private static void WriteSync(ref FrameWriter writer, SyncEvent sync)
    {
        Commit commit = sync.Commit;
        WriteHeader(ref writer, "#sync"u8);
        writer.Map(3);
        writer.Key("did"u8);
        writer.Text(commit.Did.ToString());
        writer.Key("rev"u8);
        writer.Tid(commit.Rev);
        writer.Key("blocks"u8);
        writer.SingleBlockCar(commit.Cid, commit.Bytes.Span);
    }

    private static void WriteIdentity(ref FrameWriter writer, IdentityEvent identity)
    {
        WriteHeader(ref writer, "#identity"u8);
        WriteDid(ref writer, identity, pairs: identity.Handle is null ? 1 : 2);
        if (identity.Handle is { } handle)
        {
            writer.Key("handle"u8);
            writer.Text(handle.ToString());
        }
    }

    private static void WriteAccount(ref FrameWriter writer, AccountEvent account)
    {
        WriteHeader(ref writer, "#account"u8);
        WriteDid(ref writer, account, pairs: account.Status is null ? 2 : 3);
        writer.Key("active"u8);
        writer.Boolean(account.IsActive);
        if (account.Status is { } status)
        {
            writer.Key("status"u8);
            writer.Text(status);
        }
    }

    private static void WriteInfo(ref FrameWriter writer, (string Name, string? Message) info)
    {
        WriteHeader(ref writer, "#info"u8);
        WriteTexts(ref writer, "name"u8, info.Name, info.Message);
    }

    private static void WriteError(ref FrameWriter writer, (string Error, string? Message) error)
    {
        writer.Map(1);
        writer.Key("op"u8);
        writer.Integer(-1);
        WriteTexts(ref writer, "error"u8, error.Error, error.Message);
    }

    private static void WriteTexts(ref FrameWriter writer, ReadOnlySpan<byte> nameKey, string name, string? message)
    {
        writer.Map(message is null ? 1 : 2);
        writer.Key(nameKey);
        writer.Text(name);
        if (message is not null)
        {
            writer.Key("message"u8);
            writer.Text(message);
        }
    }

    private static void WriteHeader(ref FrameWriter writer, ReadOnlySpan<byte> type)
    {
        writer.Map(2);
        writer.Key("t"u8);
        writer.Text(type);
        writer.Key("op"u8);
        writer.Integer(1);
    }

    private static void WriteDid(ref FrameWriter writer, RepoEvent repoEvent, int pairs)
    {
        writer.Map(pairs);
        writer.Key("did"u8);
        writer.Text(repoEvent.Did.Text);
    }

    private static ReadOnlySpan<byte> ActionName(WriteAction action) => action switch
    {
        WriteAction.Create => "create"u8,
        WriteAction.Update => "update"u8,
        _ => "delete"u8,
    };
}
