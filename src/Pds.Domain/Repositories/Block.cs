using Pds.Domain.DataModel;

namespace Pds.Domain.Repositories;

/// <summary>Bytes together with the CID they hash to.</summary>
/// <param name="Cid">The CID.</param>
/// <param name="Bytes">The bytes.</param>
public readonly record struct Block(Cid Cid, ReadOnlyMemory<byte> Bytes);
