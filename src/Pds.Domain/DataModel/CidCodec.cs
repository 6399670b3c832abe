namespace Pds.Domain.DataModel;

/// <summary>What the bytes behind a CID are.</summary>
public enum CidCodec : byte
{
    /// <summary>Nothing: the codec of the default <see cref="Cid"/>.</summary>
    None = 0,

    /// <summary>Bytes as they are: blobs.</summary>
    Raw = 0x55,

    /// <summary>DAG-CBOR: commits, tree nodes, records.</summary>
    DagCbor = 0x71,
}
