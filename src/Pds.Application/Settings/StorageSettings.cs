namespace Pds.Application.Settings;

/// <summary>Where the server keeps its files.</summary>
public sealed class StorageSettings
{
    /// <summary>Directory of the database and everything else that is kept. Default <c>data</c> in the current directory; for <c>pds</c>, once other variables are set, the current directory itself.</summary>
    [Variable("PDS_DATA_DIRECTORY", OfficialDefault = "the current directory, without any variable too")]
    public string DataDirectory { get; set; } = "data";

    /// <summary>Whether a server may begin without accounts where files say that there was one: an official server's, blobs, or a lock. Default <see langword="false"/>; <c>pds serve --empty</c> sets it.</summary>
    public bool StartEmpty { get; set; }

    /// <summary>Directory of blobs, laid out as the official server's. Default <c>blobs</c> in <see cref="DataDirectory"/>.</summary>
    [Variable("PDS_BLOBSTORE_DISK_LOCATION", OfficialDefault = "none; this or a bucket must be set")]
    public string? BlobDirectory { get; set; }

    /// <summary>Directory of uploads that are not finished, on the same file system. Default <c>tempt</c> in <see cref="BlobDirectory"/>.</summary>
    [Variable("PDS_BLOBSTORE_DISK_TMP_LOCATION")]
    public string? BlobTempDirectory { get; set; }

    /// <summary><see cref="BlobDirectory"/>, or its place in the data directory.</summary>
    public string BlobPath => BlobDirectory ?? Path.Combine(DataDirectory, "blobs");

    /// <summary><see cref="BlobTempDirectory"/>, or its place in the blob directory.</summary>
    public string BlobTempPath => BlobTempDirectory ?? Path.Combine(BlobPath, "tempt");
}
