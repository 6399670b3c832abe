namespace Pds.Domain.DataModel;
/// A record or another map of the data model, held as its canonical DAG-CBOR bytes. Immutable. Equality by bytes.
public sealed class DataMap : IEquatable<DataMap>
{
    /// validates strictly (canonical, data model rules of spec 01 §1-§4, depth 32); throws DagCborException
    public static DataMap FromCbor(ReadOnlyMemory<byte> cbor) => throw new NotImplementedException();
    /// bytes we wrote ourselves (from the database): no validation
    public static DataMap FromTrustedCbor(ReadOnlyMemory<byte> cbor) => throw new NotImplementedException();
    /// one JSON object; throws DataModelException (a FormatException) with a message fit for clients
    public static DataMap FromJson(ReadOnlySpan<byte> utf8Json) => throw new NotImplementedException();
    public ReadOnlyMemory<byte> Cbor => throw new NotImplementedException();
    /// dag-cbor CID, computed once
    public Cid Cid => throw new NotImplementedException();
    /// value of $type when it is a string, else null
    public string? Type => throw new NotImplementedException();
    /// a text field of the map itself, null when absent or not text
    public string? GetText(string key) => throw new NotImplementedException();
    /// a map field, null when absent or not a map
    public DataMap? GetMap(string key) => throw new NotImplementedException();
    public bool ContainsKey(string key) => throw new NotImplementedException();
    /// this map with $type set (inserted in canonical place when absent)
    public DataMap WithType(string type) => throw new NotImplementedException();
    /// typed blob references at any depth (spec 01 §4); throws DataModelException for legacy blobs when refuseLegacy
    public IReadOnlyList<BlobRef> FindBlobs() => throw new NotImplementedException();
    public string ToJson() => throw new NotImplementedException();
    public bool Equals(DataMap? other) => throw new NotImplementedException();
    public override bool Equals(object? obj) => Equals(obj as DataMap);
    public override int GetHashCode() => throw new NotImplementedException();
}
public sealed record BlobRef(Cid Cid, string MimeType, long Size);
public sealed class DataModelException(string message) : FormatException(message);
