namespace Pds.Domain.Identifiers;
public readonly record struct Tid : IComparable<Tid>, IParsable<Tid>
{
    /// the 64-bit integer
    public long Value => throw new NotImplementedException();
    public long UnixMicroseconds => throw new NotImplementedException();
    public int ClockId => throw new NotImplementedException();
    public static Tid Create(long unixMicroseconds, int clockId) => throw new NotImplementedException();
    /// from Value; ArgumentOutOfRangeException when negative
    public static Tid FromValue(long value) => throw new NotImplementedException();
    public static bool TryParse(string? text, out Tid tid) => throw new NotImplementedException();
    public static Tid Parse(string text) => TryParse(text, out Tid tid) ? tid : throw new FormatException("Not a TID.");
    public int CompareTo(Tid other) => throw new NotImplementedException();
    public static bool operator <(Tid a, Tid b) => throw new NotImplementedException();
    public static bool operator >(Tid a, Tid b) => throw new NotImplementedException();
    public static bool operator <=(Tid a, Tid b) => throw new NotImplementedException();
    public static bool operator >=(Tid a, Tid b) => throw new NotImplementedException();
    /// 13 ASCII bytes
    public void CopyTo(Span<byte> utf8) => throw new NotImplementedException();
    public override string ToString() => throw new NotImplementedException();
    static Tid IParsable<Tid>.Parse(string s, IFormatProvider? provider) => Parse(s);
    static bool IParsable<Tid>.TryParse(string? s, IFormatProvider? provider, out Tid result) => TryParse(s, out result);
}
