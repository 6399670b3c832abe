namespace Pds.Domain.Repositories.Car;

/// <summary>How much of a foreign CAR is taken before it is refused.</summary>
public sealed record CarLimits
{
    /// <summary>Largest block, in bytes without its CID. Default: 2 MiB.</summary>
    public int MaxBlockBytes { get; init; } = 2_097_152;

    /// <summary>Largest file in bytes, header and framing included. Default: no limit.</summary>
    public long MaxTotalBytes { get; init; } = long.MaxValue;

    /// <summary>Most roots in the header. Default: 16.</summary>
    public int MaxRoots { get; init; } = 16;
}
