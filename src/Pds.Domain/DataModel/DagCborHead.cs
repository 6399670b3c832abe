using System.Buffers.Binary;

namespace Pds.Domain.DataModel;

/// <summary>The heads that CBOR items start with: major type in the upper 3 bits, then an argument in the shortest form.</summary>
internal static class DagCborHead
{
    public const byte Unsigned = 0;
    public const byte Negative = 1;
    public const byte Bytes = 2;
    public const byte Text = 3;
    public const byte Array = 4;
    public const byte Map = 5;
    public const byte Tag = 6;
    public const byte Simple = 7;

    public const byte False = 0xf4;
    public const byte True = 0xf5;
    public const byte Null = 0xf6;

    /// <summary>Tag 42, a byte string of 37 bytes, and the zero byte before the binary CID.</summary>
    public static ReadOnlySpan<byte> Link => [0xd8, 0x2a, 0x58, 0x25, 0x00];

    /// <summary>The most bytes that a head takes.</summary>
    public const int MaxLength = 9;

    private const int OneByte = 24;
    private const int TwoBytes = 25;
    private const int FourBytes = 26;
    private const int EightBytes = 27;

    /// <summary>Bytes that the head takes for an argument.</summary>
    public static int LengthOf(ulong argument) => argument switch
    {
        < OneByte => 1,
        <= byte.MaxValue => 2,
        <= ushort.MaxValue => 3,
        <= uint.MaxValue => 5,
        _ => MaxLength,
    };

    /// <summary>Writes a head and gives its length.</summary>
    public static int Write(Span<byte> destination, byte major, ulong argument)
    {
        int type = major << 5;
        switch (argument)
        {
            case < OneByte:
                destination[0] = (byte)(type | (int)argument);
                return 1;
            case <= byte.MaxValue:
                destination[1] = (byte)argument;
                destination[0] = (byte)(type | OneByte);
                return 2;
            case <= ushort.MaxValue:
                BinaryPrimitives.WriteUInt16BigEndian(destination[1..], (ushort)argument);
                destination[0] = (byte)(type | TwoBytes);
                return 3;
            case <= uint.MaxValue:
                BinaryPrimitives.WriteUInt32BigEndian(destination[1..], (uint)argument);
                destination[0] = (byte)(type | FourBytes);
                return 5;
            default:
                BinaryPrimitives.WriteUInt64BigEndian(destination[1..], argument);
                destination[0] = (byte)(type | EightBytes);
                return MaxLength;
        }
    }

    /// <summary>Reads the argument of the head that <paramref name="source"/> starts with.</summary>
    /// <returns>The length of the head.</returns>
    /// <exception cref="DagCborException">The head is cut off, indefinite, reserved or longer than needed.</exception>
    public static int Read(ReadOnlySpan<byte> source, out ulong argument)
    {
        int info = source[0] & 31;
        if (info < OneByte)
        {
            argument = (ulong)info;
            return 1;
        }

        int length = info switch
        {
            OneByte => 2,
            TwoBytes => 3,
            FourBytes => 5,
            EightBytes => MaxLength,
            _ => throw new DagCborException("An item has an indefinite or reserved length."),
        };

        if (source.Length < length)
        {
            throw new DagCborException("The data ends within an item.");
        }

        argument = length switch
        {
            2 => source[1],
            3 => BinaryPrimitives.ReadUInt16BigEndian(source[1..]),
            5 => BinaryPrimitives.ReadUInt32BigEndian(source[1..]),
            _ => BinaryPrimitives.ReadUInt64BigEndian(source[1..]),
        };

        if (LengthOf(argument) != length)
        {
            throw new DagCborException("A number is not in its shortest form.");
        }

        return length;
    }
}
