using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;

namespace Pds.Domain.Sync;

public static partial class EventFrame
{
    private static EventMessage ReadCommit(ref FrameReader reader)
    {
        Stamp stamp = default;
        Did? did = null;
        Tid? rev = null, since = null;
        Cid? commit = null, prevData = null;
        RepositoryOp[]? ops = null;
        ReadOnlyMemory<byte>? blocks = null;
        ReadOnlySpan<byte> key = default;
        for (int left = reader.Map(); left > 0; left--)
        {
            key = reader.Key(key);
            if (key.SequenceEqual("ops"u8))
            {
                ops = ReadOps(ref reader);
            }
            else if (key.SequenceEqual("rev"u8))
            {
                rev = reader.Tid();
            }
            else if (key.SequenceEqual("repo"u8))
            {
                did = reader.Did();
            }
            else if (key.SequenceEqual("since"u8))
            {
                since = reader.TidOrNull();
            }
            else if (key.SequenceEqual("blocks"u8))
            {
                blocks = reader.Bytes(RepositoryLimits.MaxEventBlocksBytes);
            }
            else if (key.SequenceEqual("commit"u8))
            {
                commit = reader.Link();
            }
            else if (key.SequenceEqual("rebase"u8) || key.SequenceEqual("tooBig"u8))
            {
                RequireFalse(reader.Boolean());
            }
            else if (key.SequenceEqual("prevData"u8))
            {
                prevData = reader.Link();
            }
            else
            {
                stamp.Read(ref reader, key);
            }
        }

        return stamp.On(new CommitEvent(new CommitClaim
        {
            Did = Require(did, "repo"),
            Commit = Require(commit, "commit"),
            Rev = Require(rev, "rev"),
            Since = since,
            PrevData = prevData,
            Ops = ops ?? throw Missing("ops"),
            Blocks = Require(blocks, "blocks"),
        }));
    }

    private static RepositoryOp[] ReadOps(ref FrameReader reader)
    {
        var ops = new RepositoryOp[reader.Array(RepositoryLimits.MaxWrites)];
        for (int i = 0; i < ops.Length; i++)
        {
            ops[i] = ReadOp(ref reader);
        }

        return ops;
    }

    private static RepositoryOp ReadOp(ref FrameReader reader)
    {
        Cid? cid = null, prev = null;
        RecordPath? path = null;
        WriteAction? action = null;
        ReadOnlySpan<byte> key = default;
        for (int left = reader.Map(); left > 0; left--)
        {
            key = reader.Key(key);
            if (key.SequenceEqual("cid"u8))
            {
                cid = reader.LinkOrNull();
            }
            else if (key.SequenceEqual("path"u8))
            {
                path = reader.Parse<RecordPath>();
            }
            else if (key.SequenceEqual("prev"u8))
            {
                prev = reader.Link();
            }
            else if (key.SequenceEqual("action"u8))
            {
                action = reader.Text() switch
                {
                    "create" => WriteAction.Create,
                    "update" => WriteAction.Update,
                    "delete" => WriteAction.Delete,
                    _ => throw new EventFrameException("An operation is none of create, update and delete."),
                };
            }
            else
            {
                reader.Skip();
            }
        }

        return new RepositoryOp(Require(action, "action"), Require(path, "path"), cid, prev, Record: null);
    }

    // Commits of before 2025 that left out what they did; nothing makes them any more.
    private static void RequireFalse(bool isIncomplete)
    {
        if (isIncomplete)
        {
            throw new EventFrameException("The message leaves out what the commit did.");
        }
    }
}
