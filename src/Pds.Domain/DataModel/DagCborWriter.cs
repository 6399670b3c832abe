namespace Pds.Domain.DataModel;
/// growable buffer; the caller writes map keys in canonical order (length first, then bytes)
public sealed class DagCborWriter
{
    public DagCborWriter(int initialCapacity = 512) => throw new NotImplementedException();
    public ReadOnlySpan<byte> WrittenSpan => throw new NotImplementedException();
    public int WrittenCount => throw new NotImplementedException();
    public void Clear() => throw new NotImplementedException();
    public byte[] ToArray() => throw new NotImplementedException();
    public void WriteMapHeader(int pairs) => throw new NotImplementedException();
    public void WriteArrayHeader(int items) => throw new NotImplementedException();
    public void WriteInteger(long value) => throw new NotImplementedException();
    public void WriteBoolean(bool value) => throw new NotImplementedException();
    public void WriteNull() => throw new NotImplementedException();
    public void WriteText(string text) => throw new NotImplementedException();
    public void WriteText(ReadOnlySpan<byte> utf8) => throw new NotImplementedException();
    public void WriteBytes(ReadOnlySpan<byte> bytes) => throw new NotImplementedException();
    public void WriteCid(Cid cid) => throw new NotImplementedException();
    /// already encoded item(s)
    public void WriteEncoded(ReadOnlySpan<byte> cbor) => throw new NotImplementedException();
}
