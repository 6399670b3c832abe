using System.Buffers;
using Pds.Domain.DataModel;

namespace Pds.Domain.Repositories.Car;

/// <summary>Writes CAR files of version 1: a header with the roots, then any number of blocks.</summary>
/// <remarks>Source: <see href="https://ipld.io/specs/transport/car/carv1/"/></remarks>
public static class CarWriter
{
    private const int CidLinkLength = 5 + Cid.ByteLength;

    private static ReadOnlySpan<byte> BeforeRoots => [0xa2, 0x65, (byte)'r', (byte)'o', (byte)'o', (byte)'t', (byte)'s'];

    private static ReadOnlySpan<byte> AfterRoots => [0x67, (byte)'v', (byte)'e', (byte)'r', (byte)'s', (byte)'i', (byte)'o', (byte)'n', 0x01];

    // Tag 42 and the head of a byte string that holds a zero and the CID.
    private static ReadOnlySpan<byte> LinkPrefix => [0xd8, 0x2a, 0x58, 1 + Cid.ByteLength, 0x00];

    /// <summary>Bytes that a header takes.</summary>
    public static int MeasureHeader(int roots)
    {
        int length = HeaderLength(roots);
        return CarVarint.Measure(length) + length;
    }

    /// <summary>Bytes that a block takes, its framing included.</summary>
    /// <param name="byteCount">Bytes of the block itself.</param>
    public static int MeasureBlock(int byteCount) => CarVarint.Measure(Cid.ByteLength + byteCount) + Cid.ByteLength + byteCount;

    /// <summary>Bytes that a whole file takes.</summary>
    public static long Measure(ReadOnlySpan<Cid> roots, IReadOnlyList<Block> blocks)
    {
        long length = MeasureHeader(roots.Length);
        for (int i = 0; i < blocks.Count; i++)
        {
            length += MeasureBlock(blocks[i].Bytes.Length);
        }

        return length;
    }

    /// <summary>Makes a whole file in memory, in one array of just its size.</summary>
    public static byte[] ToArray(ReadOnlySpan<Cid> roots, IReadOnlyList<Block> blocks)
    {
        byte[] car = GC.AllocateUninitializedArray<byte>(checked((int)Measure(roots, blocks)));
        int position = WriteHeader(car, roots);
        for (int i = 0; i < blocks.Count; i++)
        {
            position += WriteBlock(car.AsSpan(position), blocks[i].Cid, blocks[i].Bytes.Span);
        }

        return car;
    }

    /// <summary>Writes the header; it comes first and once.</summary>
    public static void WriteHeader(IBufferWriter<byte> output, ReadOnlySpan<Cid> roots) =>
        output.Advance(WriteHeader(output.GetSpan(MeasureHeader(roots.Length)), roots));

    /// <summary>Writes one block.</summary>
    public static void WriteBlock(IBufferWriter<byte> output, Cid cid, ReadOnlySpan<byte> bytes)
    {
        output.Advance(WriteBlockHead(output.GetSpan(CarVarint.MaxLength + Cid.ByteLength), cid, bytes.Length));
        output.Write(bytes);
    }

    /// <summary>As <see cref="WriteHeader(IBufferWriter{byte}, ReadOnlySpan{Cid})"/>, into memory of at least the measured size.</summary>
    /// <returns>Bytes written.</returns>
    internal static int WriteHeader(Span<byte> destination, ReadOnlySpan<Cid> roots)
    {
        int position = CarVarint.Write(destination, HeaderLength(roots.Length));
        position += Copy(BeforeRoots, destination[position..]);
        if (roots.Length < 24)
        {
            destination[position++] = (byte)(0x80 + roots.Length);
        }
        else
        {
            destination[position++] = 0x98;
            destination[position++] = checked((byte)roots.Length);
        }

        foreach (Cid root in roots)
        {
            position += Copy(LinkPrefix, destination[position..]);
            root.CopyTo(destination[position..]);
            position += Cid.ByteLength;
        }

        return position + Copy(AfterRoots, destination[position..]);
    }

    /// <summary>As <see cref="WriteBlock(IBufferWriter{byte}, Cid, ReadOnlySpan{byte})"/>, into memory of at least the measured size.</summary>
    /// <returns>Bytes written.</returns>
    internal static int WriteBlock(Span<byte> destination, Cid cid, ReadOnlySpan<byte> bytes)
    {
        int position = WriteBlockHead(destination, cid, bytes.Length);
        return position + Copy(bytes, destination[position..]);
    }

    private static int WriteBlockHead(Span<byte> destination, Cid cid, int byteCount)
    {
        int position = CarVarint.Write(destination, Cid.ByteLength + byteCount);
        cid.CopyTo(destination[position..]);
        return position + Cid.ByteLength;
    }

    private static int HeaderLength(int roots) =>
        BeforeRoots.Length + (roots < 24 ? 1 : 2) + (roots * CidLinkLength) + AfterRoots.Length;

    private static int Copy(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        source.CopyTo(destination);
        return source.Length;
    }
}
