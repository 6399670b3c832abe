namespace Pds.Domain.DataModel;

/// <summary>Reads JSON numbers that are integers though they have a fraction or an exponent, as <c>123.0</c> and <c>1e3</c>. Exact: never through a float.</summary>
internal static class JsonInteger
{
    private const int MaxDigits = 18;
    private const int MaxExponentDigits = 6;

    /// <summary>Reads a number whose syntax the JSON reader has checked; <see langword="false"/> when it is no integer or has more than 18 digits.</summary>
    public static bool TryParse(ReadOnlySpan<byte> number, out long value)
    {
        value = 0;
        bool isNegative = number[0] == '-';
        ReadOnlySpan<byte> mantissa = number[(isNegative ? 1 : 0)..];
        int exponent = 0;
        int mark = mantissa.IndexOfAny((byte)'e', (byte)'E');
        bool isExponentHuge = false;
        if (mark >= 0)
        {
            isExponentHuge = !TryParseExponent(mantissa[(mark + 1)..], out exponent);
            mantissa = mantissa[..mark];
        }

        int point = mantissa.IndexOf((byte)'.');
        ReadOnlySpan<byte> whole = point < 0 ? mantissa : mantissa[..point];
        ReadOnlySpan<byte> fraction = point < 0 ? [] : mantissa[(point + 1)..].TrimEnd((byte)'0');
        whole = whole.TrimStart((byte)'0');
        if (whole.IsEmpty && fraction.IsEmpty)
        {
            return true;
        }

        // What is left is neither zero nor, with such an exponent, an integer of reasonable size.
        if (isExponentHuge)
        {
            return false;
        }

        // The value is the digits of both parts, times ten to the power of what the fraction leaves of the exponent.
        long power = (long)exponent - fraction.Length;
        long digits = 0;
        int taken = 0;
        int pendingZeros = 0;
        for (int i = 0; i < whole.Length + fraction.Length; i++)
        {
            int digit = (i < whole.Length ? whole[i] : fraction[i - whole.Length]) - '0';
            if (digit == 0)
            {
                pendingZeros += taken > 0 ? 1 : 0;
                continue;
            }

            taken += pendingZeros + 1;
            if (taken > MaxDigits)
            {
                return false;
            }

            for (; pendingZeros > 0; pendingZeros--)
            {
                digits *= 10;
            }

            digits = (digits * 10) + digit;
        }

        power += pendingZeros;
        if (power < 0 || taken + power > MaxDigits)
        {
            return false;
        }

        for (; power > 0; power--)
        {
            digits *= 10;
        }

        value = isNegative ? -digits : digits;
        return true;
    }

    private static bool TryParseExponent(ReadOnlySpan<byte> text, out int exponent)
    {
        bool isNegative = text[0] == '-';
        ReadOnlySpan<byte> digits = text.TrimStart("+-"u8).TrimStart((byte)'0');
        exponent = 0;
        if (digits.Length > MaxExponentDigits)
        {
            return false;
        }

        foreach (byte digit in digits)
        {
            exponent = (exponent * 10) + (digit - '0');
        }

        exponent = isNegative ? -exponent : exponent;
        return true;
    }
}
