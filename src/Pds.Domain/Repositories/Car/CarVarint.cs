using System.Numerics;

namespace Pds.Domain.Repositories.Car;

/// <summary>Unsigned LEB128 of at most nine bytes (63 bits), in the shortest form: the length in front of every section of a CAR.</summary>
internal static class CarVarint
{
    /// <summary>Longest form in bytes.</summary>
    public const int MaxLength = 9;

    /// <summary>Bytes that <see cref="Write"/> takes.</summary>
    public static int Measure(int value) => (BitOperations.Log2((uint)value | 1) / 7) + 1;

    /// <summary>Writes a number that is not negative.</summary>
    /// <returns>Bytes written.</returns>
    public static int Write(Span<byte> destination, int value)
    {
        int length = 0;
        uint rest = (uint)value;
        for (; rest >= 0x80; rest >>= 7)
        {
            destination[length++] = (byte)(rest | 0x80);
        }

        destination[length++] = (byte)rest;
        return length;
    }

    /// <summary>Reads a number from the start of a span.</summary>
    /// <param name="source">At least <see cref="MaxLength"/> bytes, or all there are yet.</param>
    /// <param name="value">The number.</param>
    /// <param name="length">Bytes read.</param>
    /// <returns>False when the span ends before the number does.</returns>
    /// <exception cref="CarException">Longer than nine bytes, or not the shortest form.</exception>
    public static bool TryRead(ReadOnlySpan<byte> source, out long value, out int length)
    {
        value = 0;
        for (length = 0; length < source.Length && length < MaxLength;)
        {
            byte next = source[length];
            value |= (long)(next & 0x7f) << (7 * length++);
            if (next < 0x80)
            {
                return next != 0 || length == 1 ? true : throw new CarException("A length is not in its shortest form.");
            }
        }

        return length < MaxLength ? false : throw new CarException("A length is longer than nine bytes.");
    }
}
