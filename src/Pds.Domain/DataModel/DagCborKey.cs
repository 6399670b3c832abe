namespace Pds.Domain.DataModel;

/// <summary>The canonical order of map keys.</summary>
internal static class DagCborKey
{
    /// <summary>Shorter keys first, keys of one length bytewise.</summary>
    public static int Compare(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b) =>
        a.Length != b.Length ? a.Length.CompareTo(b.Length) : a.SequenceCompareTo(b);
}
