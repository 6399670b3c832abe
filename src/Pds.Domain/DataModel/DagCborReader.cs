namespace Pds.Domain.DataModel;
public enum DagCborKind { Integer, Bytes, Text, Array, Map, Cid, Boolean, Null }
/// strict reader; every violation throws DagCborException (a FormatException). Never crashes, never recurses without bound (depth limit 32 in Skip).
public ref struct DagCborReader
{
    public DagCborReader(ReadOnlySpan<byte> bytes) => throw new NotImplementedException();
    public int Position => throw new NotImplementedException();
    public bool IsAtEnd => throw new NotImplementedException();
    public DagCborKind Peek() => throw new NotImplementedException();
    /// number of pairs / items
    public int ReadMapHeader() => throw new NotImplementedException();
    public int ReadArrayHeader() => throw new NotImplementedException();
    public long ReadInteger() => throw new NotImplementedException();
    public bool ReadBoolean() => throw new NotImplementedException();
    public bool TryReadNull() => throw new NotImplementedException();
    public string ReadText() => throw new NotImplementedException();
    /// UTF-8, validated
    public ReadOnlySpan<byte> ReadTextUtf8() => throw new NotImplementedException();
    public ReadOnlySpan<byte> ReadBytes() => throw new NotImplementedException();
    public Cid ReadCid() => throw new NotImplementedException();
    /// reads a map key and demands canonical order after the previous key (pass default for the first): used when walking maps strictly
    public ReadOnlySpan<byte> ReadKey(ReadOnlySpan<byte> previous) => throw new NotImplementedException();
    /// skips one whole item, validating it (key order, UTF-8, no floats, shortest ints, depth)
    public void Skip() => throw new NotImplementedException();
    /// throws when bytes are left
    public void ReadEnd() => throw new NotImplementedException();
}
