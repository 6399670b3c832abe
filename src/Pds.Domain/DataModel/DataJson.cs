using System.Text.Json;
namespace Pds.Domain.DataModel;
/// JSON <-> DAG-CBOR in one pass each, no object graph (spec 01 §3)
public static class DataJson
{
    /// the reader stands on StartObject (or before it); leaves it on the matching EndObject
    public static DataMap Read(ref Utf8JsonReader reader) => throw new NotImplementedException();
    /// writes one DAG-CBOR item as a JSON value
    public static void Write(Utf8JsonWriter writer, ReadOnlySpan<byte> cbor) => throw new NotImplementedException();
}
