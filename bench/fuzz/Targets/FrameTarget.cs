using Pds.Application.Sync;
using Pds.Domain.Accounts;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;
using Pds.Domain.Repositories.Mst;
using Pds.Domain.Sync;

namespace Pds.Fuzz.Targets;

/// <summary>
/// Event frames, both ways. The first byte tells which: a frame to read, which only <see cref="FormatException"/> refuses and which says the same after it was
/// written again; or what an event is made of, whose frame must be two canonical items, read and written back byte for byte, and which the JSON stream can tell again.
/// </summary>
internal sealed class FrameTarget() : FuzzTarget("frame", Decoder)
{
    /// <summary>Members that may be absent and are written all the same (<c>rebase</c>, <c>tooBig</c>, <c>blobs</c>, <c>since</c>, each <c>cid</c>), and times in full.</summary>
    private const int MaxGrowth = 2048;

    private static ReadOnlySpan<byte> CarStart => [0x3a, 0xa2, 0x65, (byte)'r', (byte)'o', (byte)'o', (byte)'t', (byte)'s'];

    private static readonly Tid Rev = Tid.Parse("3jzfcijpj2z2a");
    private readonly DagCborWriter _writer = new();

    public override IReadOnlyList<string> Tokens { get; } = ["#commit", "#sync", "#identity", "#account", "#info", "at", "bop", "cops", "crev", "cseq", "drepo", "dtime", "fblocks"];

    public override string? Read(ReadOnlyMemory<byte> input)
    {
        if (input.Length < 2)
        {
            return "empty";
        }

        return input.Span[0] < 0x80 ? Encode(input.Span) : Decode(input[1..]);
    }

    public override void Repair(Span<byte> input)
    {
        // Only there it is looked into, and only there nothing comes after it.
        int car = input.IndexOf(CarStart);
        if (car >= 0 && input.IndexOf("#sync"u8) >= 0)
        {
            CarTarget.Heal(input[car..]);
        }
    }

    public override IEnumerable<(string Name, byte[] Bytes)> Seeds()
    {
        yield return ("make-commit", [1, 3, .. "alice.example.com and more"u8]);
        yield return ("make-sync", [2, 0, .. "bob"u8]);
        yield return ("make-identity", [3, 200, .. "carol.test"u8]);
        yield return ("make-account", [4, 2, .. "dan"u8]);
        yield return ("make-info", [5, 9, .. "OutdatedCursor"u8]);
        yield return ("make-error", [6, 9, .. "FutureCursor"u8]);
        foreach (byte kind in (byte[])[1, 2, 3, 4, 5, 6])
        {
            yield return ($"read-{kind}", [0x80, .. FrameOf(kind, 3, "alice.example.com")]);
        }
    }

    private string? Encode(ReadOnlySpan<byte> input)
    {
        string text = System.Text.Encoding.UTF8.GetString(input[2..]);
        byte[] frame = FrameOf(input[0], input[1], text);
        CheckEncoding(frame);
        Promise.Holds(EventFrame.Encode(EventFrame.Decode(frame)).AsSpan().SequenceEqual(frame), "A frame does not come back as it was.");
        var clock = new JetstreamClock();
        IReadOnlyList<JetstreamMessage> messages = (input[0] & 7) is 1 or 3 or 4 ? JetstreamEncoder.Encode(frame, ref clock) : [];
        Promise.Holds((input[0] & 7) is not (3 or 4) || messages.Count == 1, "An event is lost on the JSON stream.");
        return null;
    }

    private string? Decode(ReadOnlyMemory<byte> frame)
    {
        try
        {
            StreamMessage message = EventFrame.Decode(frame);
            CheckEncoding(frame.Span);
            if (message is UnknownMessage)
            {
                return null;
            }

            byte[] again = EventFrame.Encode(message);
            Promise.Holds(again.Length <= frame.Length + MaxGrowth, "A frame grows by being read.");
            Promise.Holds(EventFrame.Encode(EventFrame.Decode(again)).AsSpan().SequenceEqual(again), "A frame is another after it was written again.");
            return null;
        }
        catch (FormatException e)
        {
            return e.Message;
        }
    }

    private void CheckEncoding(ReadOnlySpan<byte> frame)
    {
        DagCborReader reader = new(frame);
        _writer.Clear();
        CborTarget.Copy(ref reader, _writer);
        CborTarget.Copy(ref reader, _writer);
        reader.ReadEnd();
        Promise.Holds(_writer.WrittenSpan.SequenceEqual(frame), "Two encodings of one frame are read.");
    }

    private static byte[] FrameOf(byte kind, byte detail, string text)
    {
        DateTimeOffset time = DateTimeOffset.UnixEpoch.AddMilliseconds(detail * 123456789L);
        long seq = 1 + (detail * 1_000_003L);
        return (kind & 7) switch
        {
            1 => EventFrame.Encode(new CommitEvent(ChangeOf(detail, text)), seq, time),
            2 => EventFrame.Encode(new SyncEvent(Commit.Sign(Samples.Did, MstTree.EmptyRoot, Rev, Samples.Signer)), seq, time),
            3 => EventFrame.Encode(new IdentityEvent(Samples.Did, Handle.TryParse(text, out Handle handle) ? handle : null), seq, time),
            4 => EventFrame.Encode(new AccountEvent(Samples.Did, detail > 3 ? null : (AccountStatus)detail), seq, time),
            5 => EventFrame.Info(text, text),
            _ => EventFrame.Error(text, text),
        };
    }

    private static RepositoryChange ChangeOf(byte detail, string text)
    {
        var commit = Commit.Sign(Samples.Did, MstTree.EmptyRoot, Rev, Samples.Signer);
        RecordPath path = RecordPath.TryParse(text, out RecordPath given) ? given : RecordPath.Parse(Samples.PathOf(detail));
        RepositoryOp op = new((WriteAction)(detail % 3), path, detail % 3 == 2 ? null : MstTree.EmptyRoot, detail % 3 == 0 ? null : MstTree.EmptyRoot, Record: null);
        return new RepositoryChange
        {
            Did = Samples.Did,
            Commit = commit,
            Previous = (detail & 8) == 0 ? null : commit,
            Tree = MstTree.Empty,
            Ops = [.. Enumerable.Repeat(op, detail % 30)],
            Blocks = EmptyCar,
        };
    }

    private static readonly byte[] EmptyCar = Domain.Repositories.Car.CarWriter.ToArray([MstTree.EmptyRoot], [new Block(MstTree.EmptyRoot, EmptyNode)]);

    private static byte[] EmptyNode => [0xa2, 0x61, (byte)'e', 0x80, 0x61, (byte)'l', 0xf6];
}
