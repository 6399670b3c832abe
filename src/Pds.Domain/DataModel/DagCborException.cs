namespace Pds.Domain.DataModel;

/// <summary>Bytes are not canonical DAG-CBOR of the atproto data model.</summary>
/// <param name="message">What is wrong, for people.</param>
public sealed class DagCborException(string message) : FormatException(message);
