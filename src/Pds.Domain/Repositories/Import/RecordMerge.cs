using Pds.Domain.Repositories.Mst;

namespace Pds.Domain.Repositories.Import;

/// <summary>Tells what makes one repository's records another's. Both are walked once, in the order of their paths, and neither is kept.</summary>
public static class RecordMerge
{
    /// <summary>Compares what is here with what is to be here.</summary>
    /// <param name="current">What is here, in ascending order of the paths.</param>
    /// <param name="imported">What is to be here, in ascending order of the paths.</param>
    /// <returns>One step for each path that is on either side, in ascending order.</returns>
    public static IEnumerable<MergeStep> Compare(IEnumerable<MstEntry> current, IEnumerable<ArchivedRecord> imported)
    {
        using IEnumerator<MstEntry> here = current.GetEnumerator();
        bool isHere = here.MoveNext();
        foreach (ArchivedRecord record in imported)
        {
            string path = record.Path.ToString();
            for (; isHere && string.CompareOrdinal(here.Current.Path, path) < 0; isHere = here.MoveNext())
            {
                yield return new MergeStep(MergeKind.Removed, here.Current.Path, Record: null);
            }

            bool isBoth = isHere && here.Current.Path == path;
            yield return new MergeStep(isBoth && here.Current.Value == record.Cid ? MergeKind.Unchanged : MergeKind.Written, path, record);
            isHere = isBoth ? here.MoveNext() : isHere;
        }

        for (; isHere; isHere = here.MoveNext())
        {
            yield return new MergeStep(MergeKind.Removed, here.Current.Path, Record: null);
        }
    }
}

/// <summary>What becomes of one path.</summary>
/// <param name="Kind">What.</param>
/// <param name="Path"><c>collection/rkey</c>.</param>
/// <param name="Record">The record to be there; <see langword="null"/> when it is removed.</param>
public readonly record struct MergeStep(MergeKind Kind, string Path, ArchivedRecord? Record);

/// <summary>What an import does to a path.</summary>
public enum MergeKind
{
    /// <summary>The same content is there already.</summary>
    Unchanged,

    /// <summary>New, or with another content than before.</summary>
    Written,

    /// <summary>Not part of what is imported.</summary>
    Removed,
}
