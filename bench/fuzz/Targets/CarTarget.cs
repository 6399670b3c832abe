using System.IO.Pipelines;
using System.Security.Cryptography;
using Pds.Domain.DataModel;
using Pds.Domain.Repositories;
using Pds.Domain.Repositories.Car;

namespace Pds.Fuzz.Targets;

/// <summary>
/// CAR: only <see cref="CarException"/> refuses; reading at once and reading a stream in pieces tell the same; what is read is written back byte for byte.
/// </summary>
internal sealed class CarTarget() : FuzzTarget("car", Decoder)
{
    public override int MaxLength => 4096;

    public override string? Read(ReadOnlyMemory<byte> input)
    {
        try
        {
            (IReadOnlyList<Cid> roots, IReadOnlyDictionary<Cid, ReadOnlyMemory<byte>> blocks) = CarReader.ReadAll(input);
            List<Block> streamed = [];
            IReadOnlyList<Cid>? named = ReadStream(input, streamed);
            Promise.Holds(named is not null && named.SequenceEqual(roots), "A stream names other roots.");
            Promise.Holds(streamed.TrueForAll(block => blocks.TryGetValue(block.Cid, out ReadOnlyMemory<byte> bytes) && bytes.Span.SequenceEqual(block.Bytes.Span)), "A stream has other blocks.");
            Promise.Holds(CarWriter.ToArray([.. roots], streamed).AsSpan().SequenceEqual(input.Span), "A file does not come back as it was.");
            return null;
        }
        catch (CarException e)
        {
            Promise.Holds((input.Length & 15) != 0 || ReadStream(input, []) is null, "A stream takes what reading at once refuses.");
            return e.Message;
        }
    }

    public override void Repair(Span<byte> input) => Heal(input);

    public override IEnumerable<(string Name, byte[] Bytes)> Seeds() =>
        Samples.Changes(5).Select((change, at) => ($"commit-{at}.car", change.Blocks.ToArray()))
            .Append(("empty.car", CarWriter.ToArray([], [])))
            .Append(("raw.car", CarWriter.ToArray([Cid.ForRaw("hello"u8)], [new Block(Cid.ForRaw("hello"u8), "hello"u8.ToArray()), new Block(Cid.ForRaw([]), default)])));

    /// <summary>Puts the right digest before each block, so that mutations reach what is behind that check.</summary>
    internal static void Heal(Span<byte> car)
    {
        bool isHeader = true;
        while (TryReadLength(car, out int length, out int prefix) && length <= car.Length - prefix)
        {
            Span<byte> section = car.Slice(prefix, length);
            if (!isHeader && length >= Cid.ByteLength)
            {
                SHA256.HashData(section[Cid.ByteLength..], section[(Cid.ByteLength - SHA256.HashSizeInBytes)..Cid.ByteLength]);
            }

            isHeader = false;
            car = car[(prefix + length)..];
        }
    }

    private static bool TryReadLength(ReadOnlySpan<byte> from, out int length, out int prefix)
    {
        length = 0;
        for (prefix = 0; prefix < Math.Min(from.Length, 3);)
        {
            byte next = from[prefix];
            length |= (next & 0x7f) << (7 * prefix++);
            if (next < 0x80)
            {
                return true;
            }
        }

        return false;
    }

    private static IReadOnlyList<Cid>? ReadStream(ReadOnlyMemory<byte> input, List<Block> blocks)
    {
        if (input.IsEmpty)
        {
            return null; // the framework's pipe over an empty sequence fails by itself
        }

        var pipe = PipeReader.Create(Segment.Split(input, Math.Min(3, input.Length), input.Length / 2));
        try
        {
            CarReader reader = CarReader.OpenAsync(pipe, new CarLimits(), CancellationToken.None).AsTask().GetAwaiter().GetResult();
            IAsyncEnumerator<Block> each = reader.ReadBlocksAsync(CancellationToken.None).GetAsyncEnumerator();
            while (each.MoveNextAsync().AsTask().GetAwaiter().GetResult())
            {
                blocks.Add(each.Current);
            }

            return reader.Roots;
        }
        catch (CarException)
        {
            return null;
        }
    }
}
