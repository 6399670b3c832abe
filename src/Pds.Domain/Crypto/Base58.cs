namespace Pds.Domain.Crypto;

/// <summary>base58btc without check sum, the alphabet behind the multibase prefix <c>z</c>. For short values: its cost grows with the square of the length.</summary>
internal static class Base58
{
    /// <summary>Longest text that is decoded, in characters; an uncompressed point takes 89.</summary>
    public const int MaxTextLength = 128;

    private const string Alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

    /// <summary>The text of some bytes; every leading zero byte becomes a leading <c>1</c>.</summary>
    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        int zeros = bytes.IndexOfAnyExcept((byte)0);
        zeros = zeros < 0 ? bytes.Length : zeros;
        Span<byte> digits = new byte[(bytes.Length * 138 / 100) + 1];
        int length = 0;
        foreach (byte value in bytes[zeros..])
        {
            int carry = value;
            for (int i = 0; i < length || carry != 0; i++)
            {
                carry += i < length ? digits[i] << 8 : 0;
                digits[i] = (byte)(carry % 58);
                carry /= 58;
                length = Math.Max(length, i + 1);
            }
        }

        Span<char> text = new char[zeros + length];
        text[..zeros].Fill('1');
        for (int i = 0; i < length; i++)
        {
            text[zeros + i] = Alphabet[digits[length - 1 - i]];
        }

        return new string(text);
    }

    /// <summary>The bytes of a text. Only one text decodes to given bytes.</summary>
    /// <param name="text">At most <see cref="MaxTextLength"/> characters.</param>
    /// <param name="bytes">What it stands for.</param>
    /// <returns><see langword="false"/> for longer texts and characters outside the alphabet.</returns>
    public static bool TryDecode(ReadOnlySpan<char> text, out byte[] bytes)
    {
        bytes = [];
        if (text.Length > MaxTextLength)
        {
            return false;
        }

        int ones = text.IndexOfAnyExcept('1');
        ones = ones < 0 ? text.Length : ones;
        Span<byte> reversed = stackalloc byte[MaxTextLength];
        int length = 0;
        foreach (char character in text[ones..])
        {
            int carry = Alphabet.IndexOf(character, StringComparison.Ordinal);
            if (carry < 0)
            {
                return false;
            }

            for (int i = 0; i < length || carry != 0; i++)
            {
                carry += i < length ? reversed[i] * 58 : 0;
                reversed[i] = (byte)carry;
                carry >>= 8;
                length = Math.Max(length, i + 1);
            }
        }

        bytes = new byte[ones + length];
        reversed[..length].CopyTo(bytes.AsSpan(ones));
        bytes.AsSpan(ones).Reverse();
        return true;
    }
}
