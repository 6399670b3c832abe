namespace Pds.Domain.DataModel;

/// <summary>What the data model bounds, whatever the encoding.</summary>
internal static class DagCborLimits
{
    /// <summary>The largest integer that every implementation keeps exactly: 2^53 - 1.</summary>
    public const long MaxInteger = (1L << 53) - 1;

    /// <summary>Containers within one another.</summary>
    public const int MaxDepth = 32;

    /// <summary>Items of an array, pairs of a map.</summary>
    public const int MaxContainerLength = 131_072;

    /// <summary>Bytes of a map key.</summary>
    public const int MaxKeyLength = 8192;
}
