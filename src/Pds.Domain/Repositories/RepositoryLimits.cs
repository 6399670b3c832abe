namespace Pds.Domain.Repositories;

/// <summary>What one commit may hold. Consumers of the firehose refuse anything beyond.</summary>
public static class RepositoryLimits
{
    /// <summary>Writes in one commit.</summary>
    public const int MaxWrites = 200;

    /// <summary>Bytes of the finished CAR that travels in a commit event, header and framing included.</summary>
    public const int MaxEventBlocksBytes = 2_000_000;

    /// <summary>Bytes of one record as DAG-CBOR.</summary>
    public const int MaxRecordBytes = 1_000_000;
}
