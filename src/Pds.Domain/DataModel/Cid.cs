namespace Pds.Domain.DataModel;
public enum CidCodec : byte { Raw = 0x55, DagCbor = 0x71 }
/// CIDv1, sha2-256, dag-cbor or raw: 36 bytes, 59 characters. No heap allocation but for ToString.
public readonly struct Cid : IEquatable<Cid>, IComparable<Cid>, IParsable<Cid>
{
    public const int ByteLength = 36;
    public const int TextLength = 59;
    public CidCodec Codec => throw new NotImplementedException();
    /// hashes the block
    public static Cid ForDagCbor(ReadOnlySpan<byte> block) => throw new NotImplementedException();
    public static Cid ForRaw(ReadOnlySpan<byte> bytes) => throw new NotImplementedException();
    public static Cid FromDigest(CidCodec codec, ReadOnlySpan<byte> sha256) => throw new NotImplementedException();
    /// the 36 binary bytes, exactly
    public static bool TryRead(ReadOnlySpan<byte> binary, out Cid cid) => throw new NotImplementedException();
    public void CopyTo(Span<byte> binary) => throw new NotImplementedException();
    public byte[] ToArray() => throw new NotImplementedException();
    /// whether the bytes hash to this CID
    public bool Matches(ReadOnlySpan<byte> block) => throw new NotImplementedException();
    /// 59 ASCII bytes
    public void FormatUtf8(Span<byte> utf8) => throw new NotImplementedException();
    public static bool TryParse(ReadOnlySpan<char> text, out Cid cid) => throw new NotImplementedException();
    public static bool TryParse(string? text, out Cid cid) => throw new NotImplementedException();
    public static Cid Parse(string text) => TryParse(text, out Cid cid) ? cid : throw new FormatException("Not a CID.");
    /// bytewise order of the binary form
    public int CompareTo(Cid other) => throw new NotImplementedException();
    public bool Equals(Cid other) => throw new NotImplementedException();
    public override bool Equals(object? obj) => obj is Cid other && Equals(other);
    public override int GetHashCode() => throw new NotImplementedException();
    public static bool operator ==(Cid a, Cid b) => a.Equals(b);
    public static bool operator !=(Cid a, Cid b) => !a.Equals(b);
    public override string ToString() => throw new NotImplementedException();
    static Cid IParsable<Cid>.Parse(string s, IFormatProvider? provider) => Parse(s);
    static bool IParsable<Cid>.TryParse(string? s, IFormatProvider? provider, out Cid result) => TryParse(s, out result);
}
