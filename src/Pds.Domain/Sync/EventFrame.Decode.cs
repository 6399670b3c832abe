using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;
using Pds.Domain.Repositories.Car;

namespace Pds.Domain.Sync;

public static partial class EventFrame
{
    /// <summary>Longest message in bytes that consumers of the network take.</summary>
    public const int MaxBytes = 5_000_000;

    private const int MaxSyncBlocksBytes = 10_000;
    private const long MessageOp = 1;
    private const long ErrorOp = -1;

    /// <summary>Reads a message. Members and kinds that are not known are passed over, as the protocol asks of consumers.</summary>
    /// <remarks>
    /// The syntax is checked and nothing else: neither signatures nor whether operations and blocks fit (see <see cref="CommitVerification"/>).
    /// Of our own messages, <c>Encode</c> gives back the same bytes. Byte strings are slices of <paramref name="frame"/>.
    /// </remarks>
    /// <param name="frame">One message of the WebSocket, which nobody changes afterwards.</param>
    /// <exception cref="FormatException">Not a message, or longer than <see cref="MaxBytes"/>. Whoever sent it is not to be followed any further.</exception>
    public static StreamMessage Decode(ReadOnlyMemory<byte> frame)
    {
        if (frame.Length > MaxBytes)
        {
            throw new EventFrameException($"The message is longer than {MaxBytes} bytes.");
        }

        var reader = new FrameReader(frame);
        (long op, string? type) = ReadHeader(ref reader);
        StreamMessage message = (op, type) switch
        {
            (MessageOp, "#commit") => ReadCommit(ref reader),
            (MessageOp, "#sync") => ReadSync(ref reader),
            (MessageOp, "#identity") => ReadIdentity(ref reader),
            (MessageOp, "#account") => ReadAccount(ref reader),
            (MessageOp, "#info") => ReadInfo(ref reader),
            (ErrorOp, _) => ReadError(ref reader),
            _ => SkipBody(ref reader, op, type),
        };
        reader.End();
        return message;
    }

    /// <summary>Encodes a message; what <see cref="Decode"/> reads from it is the same again.</summary>
    /// <exception cref="ArgumentException">The message is of a kind that is not known.</exception>
    public static byte[] Encode(StreamMessage message) => message switch
    {
        EventMessage { Seq: var seq, Time: var time, Event: var repoEvent } => Encode(repoEvent, seq, time),
        InfoMessage info => Info(info.Name, info.Message),
        ErrorMessage error => Error(error.Error, error.Message),
        _ => throw new ArgumentException("There is no encoding for this kind of message.", nameof(message)),
    };

    private static (long Op, string? Type) ReadHeader(ref FrameReader reader)
    {
        long? op = null;
        string? type = null;
        ReadOnlySpan<byte> key = default;
        for (int left = reader.Map(); left > 0; left--)
        {
            key = reader.Key(key);
            if (key.SequenceEqual("op"u8))
            {
                op = reader.Integer();
            }
            else if (key.SequenceEqual("t"u8))
            {
                type = reader.Text();
            }
            else
            {
                reader.Skip();
            }
        }

        return (Require(op, "op"), type);
    }

    private static EventMessage ReadSync(ref FrameReader reader)
    {
        Stamp stamp = default;
        Did? did = null;
        Tid? rev = null;
        ReadOnlyMemory<byte>? blocks = null;
        ReadOnlySpan<byte> key = default;
        for (int left = reader.Map(); left > 0; left--)
        {
            key = reader.Key(key);
            if (key.SequenceEqual("did"u8))
            {
                did = reader.Did();
            }
            else if (key.SequenceEqual("rev"u8))
            {
                rev = reader.Tid();
            }
            else if (key.SequenceEqual("blocks"u8))
            {
                blocks = reader.Bytes(MaxSyncBlocksBytes);
            }
            else
            {
                stamp.Read(ref reader, key);
            }
        }

        (IReadOnlyList<Cid> roots, IReadOnlyDictionary<Cid, ReadOnlyMemory<byte>> found) = CarReader.ReadAll(Require(blocks, "blocks"));
        Commit commit = roots is [Cid root] && found.TryGetValue(root, out ReadOnlyMemory<byte> bytes)
            ? Commit.Decode(bytes)
            : throw new EventFrameException("The root of the blocks is not the commit.");
        return commit.Did == Require(did, "did") && commit.Rev == Require(rev, "rev")
            ? stamp.On(new SyncEvent(commit))
            : throw new EventFrameException("The commit is of another repository or revision than the message.");
    }

    private static EventMessage ReadIdentity(ref FrameReader reader)
    {
        Stamp stamp = default;
        Did? did = null;
        Handle? handle = null;
        ReadOnlySpan<byte> key = default;
        for (int left = reader.Map(); left > 0; left--)
        {
            key = reader.Key(key);
            if (key.SequenceEqual("did"u8))
            {
                did = reader.Did();
            }
            else if (key.SequenceEqual("handle"u8))
            {
                handle = reader.Parse<Handle>();
            }
            else
            {
                stamp.Read(ref reader, key);
            }
        }

        return stamp.On(new IdentityEvent(Require(did, "did"), handle));
    }

    private static EventMessage ReadAccount(ref FrameReader reader)
    {
        Stamp stamp = default;
        Did? did = null;
        bool? isActive = null;
        string? status = null;
        ReadOnlySpan<byte> key = default;
        for (int left = reader.Map(); left > 0; left--)
        {
            key = reader.Key(key);
            if (key.SequenceEqual("did"u8))
            {
                did = reader.Did();
            }
            else if (key.SequenceEqual("active"u8))
            {
                isActive = reader.Boolean();
            }
            else if (key.SequenceEqual("status"u8))
            {
                status = reader.Text();
            }
            else
            {
                stamp.Read(ref reader, key);
            }
        }

        return stamp.On(new AccountEvent(Require(did, "did"), Require(isActive, "active"), status));
    }

    private static InfoMessage ReadInfo(ref FrameReader reader)
    {
        (string? name, string? message) = ReadTexts(ref reader, "name"u8);
        return new InfoMessage(name ?? throw Missing("name"), message);
    }

    private static ErrorMessage ReadError(ref FrameReader reader)
    {
        (string? error, string? message) = ReadTexts(ref reader, "error"u8);
        return new ErrorMessage(error ?? throw Missing("error"), message);
    }

    private static (string? Name, string? Message) ReadTexts(ref FrameReader reader, scoped ReadOnlySpan<byte> nameKey)
    {
        string? name = null, message = null;
        ReadOnlySpan<byte> key = default;
        for (int left = reader.Map(); left > 0; left--)
        {
            key = reader.Key(key);
            if (key.SequenceEqual(nameKey))
            {
                name = reader.Text();
            }
            else if (key.SequenceEqual("message"u8))
            {
                message = reader.Text();
            }
            else
            {
                reader.Skip();
            }
        }

        return (name, message);
    }

    private static UnknownMessage SkipBody(ref FrameReader reader, long op, string? type)
    {
        reader.Skip();
        return new UnknownMessage(op, type);
    }

    private static T Require<T>(T? value, string name)
        where T : struct =>
        value ?? throw Missing(name);

    private static EventFrameException Missing(string name) => new($"The message has no {name}.");

    /// <summary>What every event has: a number and a time.</summary>
    private struct Stamp
    {
        private long? _seq;
        private DateTimeOffset? _time;

        /// <summary>Takes the member when it is one of these; otherwise it is not known, and passed over.</summary>
        public void Read(ref FrameReader reader, scoped ReadOnlySpan<byte> key)
        {
            if (key.SequenceEqual("seq"u8))
            {
                _seq = reader.Integer();
            }
            else if (key.SequenceEqual("time"u8))
            {
                _time = reader.Time();
            }
            else
            {
                reader.Skip();
            }
        }

        public readonly EventMessage On(RepoEvent repoEvent) =>
            Require(_seq, "seq") >= 1
                ? new EventMessage(_seq!.Value, Require(_time, "time"), repoEvent)
                : throw new EventFrameException("A sequence number is at least 1.");
    }
}
