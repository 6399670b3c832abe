namespace Pds.Application.Settings;

/// <summary>Bounds on imports, exports and pages of repositories.</summary>
public sealed class RepositorySettings
{
    /// <summary>Whether <c>importRepo</c> is served. Default <see langword="true"/>.</summary>
    [Variable("PDS_ACCEPTING_REPO_IMPORTS")]
    public bool AcceptingImports { get; set; } = true;

    /// <summary>Largest repository to import in bytes, 1 or more. Default: no limit.</summary>
    [Variable("PDS_MAX_REPO_IMPORT_SIZE")]
    public long? MaxImportSize { get; set; }

    /// <summary>How many bytes of records one page of a collection may hold, 64 KiB or more; a page of one record may be larger. Default 1 MiB.</summary>
    [Variable("PDS_MAX_PAGE_BYTES", IsOwn = true)]
    public int MaxPageBytes { get; set; } = 1024 * 1024;

    /// <summary>How long an export may hold its view of the database, 1 second or more; it is cut off then, because the write-ahead log grows as long as the view is held. Default 10 minutes.</summary>
    [Variable("PDS_MAX_SNAPSHOT_AGE_MS", IsOwn = true)]
    public TimeSpan MaxSnapshotAge { get; set; } = TimeSpan.FromMinutes(10);
}
