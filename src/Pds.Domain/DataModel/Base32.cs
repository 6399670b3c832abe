namespace Pds.Domain.DataModel;

/// <summary>Lower-case base32 of RFC 4648, without padding. Not the alphabet of TIDs.</summary>
internal static class Base32
{
    private static ReadOnlySpan<byte> Alphabet => "abcdefghijklmnopqrstuvwxyz234567"u8;

    /// <summary>Writes the digits of <paramref name="bytes"/>, as many as <paramref name="digits"/> has room for.</summary>
    public static void Encode(ReadOnlySpan<byte> bytes, Span<byte> digits)
    {
        ulong pending = 0;
        int bits = 0;
        int at = 0;
        foreach (byte b in bytes)
        {
            pending = (pending << 8) | b;
            bits += 8;
            while (bits >= 5)
            {
                bits -= 5;
                digits[at++] = Alphabet[(int)(pending >> bits) & 31];
            }
        }

        if (bits > 0)
        {
            digits[at] = Alphabet[(int)(pending << (5 - bits)) & 31];
        }
    }

    /// <summary>Fills <paramref name="bytes"/>; <see langword="false"/> for foreign characters and for bits left over that are not zero.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> digits, Span<byte> bytes)
    {
        ulong pending = 0;
        int bits = 0;
        int at = 0;
        foreach (byte c in digits)
        {
            uint digit = c switch
            {
                >= (byte)'a' and <= (byte)'z' => (uint)(c - 'a'),
                >= (byte)'2' and <= (byte)'7' => (uint)(c - '2' + 26),
                _ => 32,
            };

            if (digit > 31)
            {
                return false;
            }

            pending = (pending << 5) | digit;
            bits += 5;
            if (bits >= 8)
            {
                bits -= 8;
                bytes[at++] = (byte)(pending >> bits);
            }
        }

        // Five bits or more left over are a digit that no byte needs.
        return bits < 5 && at == bytes.Length && (pending & ((1UL << bits) - 1)) == 0;
    }
}
