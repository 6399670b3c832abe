using Pds.Domain.DataModel;

namespace Pds.Domain.Repositories;

/// <summary>One intended change of a repository.</summary>
/// <param name="Action">What to do.</param>
/// <param name="Path">Which record.</param>
/// <param name="Record">The new content; <see langword="null"/> when the record is deleted.</param>
public sealed record RecordWrite(WriteAction Action, RecordPath Path, DataMap? Record)
{
    /// <summary>Makes a record.</summary>
    public static RecordWrite Create(RecordPath path, DataMap record) => new(WriteAction.Create, path, record);

    /// <summary>Replaces a record.</summary>
    public static RecordWrite Update(RecordPath path, DataMap record) => new(WriteAction.Update, path, record);

    /// <summary>Removes a record.</summary>
    public static RecordWrite Delete(RecordPath path) => new(WriteAction.Delete, path, null);
}
