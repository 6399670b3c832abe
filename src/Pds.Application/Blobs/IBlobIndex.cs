using Pds.Application.Moderation;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;

namespace Pds.Application.Blobs;

/// <summary>Knows which blobs an account has and which records refer to them. The writers of records keep it up to date.</summary>
public interface IBlobIndex
{
    /// <summary>
    /// Enters an upload and takes charge of its file. A blob that is there already keeps its media type, its size and its state; one that records
    /// refer to becomes permanent.
    /// </summary>
    /// <param name="did">Whose.</param>
    /// <param name="upload">What the store kept.</param>
    /// <param name="mimeType">Its media type.</param>
    /// <param name="cancellationToken">Gives up before the upload is entered.</param>
    /// <exception cref="Domain.Errors.XrpcException">InvalidRequest for a blob that is taken down, BlobQuotaExceeded. The file is gone then.</exception>
    Task AddAsync(Did did, BlobUpload upload, string mimeType, CancellationToken cancellationToken);

    /// <summary>A blob in whatever state, or <see langword="null"/>.</summary>
    ValueTask<BlobEntry?> FindAsync(Did did, Cid cid, CancellationToken cancellationToken);

    /// <summary>A page of the blobs that records refer to, here or missing, in bytewise order.</summary>
    /// <param name="did">Whose.</param>
    /// <param name="since">Only those of records written by a later commit; <see langword="null"/> for all.</param>
    /// <param name="after">The last of the page before.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<IReadOnlyList<Cid>> ListReferencedAsync(Did did, Tid? since, Cid? after, int limit, CancellationToken cancellationToken);

    /// <summary>A page of the blobs that records refer to and that are not here, each with one such record, in bytewise order.</summary>
    ValueTask<IReadOnlyList<MissingBlob>> ListMissingAsync(Did did, Cid? after, int limit, CancellationToken cancellationToken);

    /// <summary>How many blobs an account has.</summary>
    ValueTask<BlobCounts> CountAsync(Did did, CancellationToken cancellationToken);
}

/// <summary>Takes blobs down.</summary>
public interface IBlobTakedowns
{
    /// <summary>
    /// Takes a blob down or lifts that. A blob that is taken down is not served, cannot be referred to and cannot be uploaded again. One whose records went
    /// meanwhile goes too when the takedown is lifted.
    /// </summary>
    /// <param name="did">Whose.</param>
    /// <param name="cid">Which.</param>
    /// <param name="takedownRef">The operator's note; <see langword="null"/> lifts the takedown.</param>
    /// <param name="audit">The row of the audit trail that is kept with it; <see langword="null"/> for none.</param>
    /// <param name="cancellationToken">Gives up before anything has changed.</param>
    /// <returns><see langword="false"/> when there is no such blob. That its file is missing is no obstacle.</returns>
    Task<bool> SetAsync(Did did, Cid cid, string? takedownRef, AuditNote? audit, CancellationToken cancellationToken);
}

/// <summary>Clears away uploads that no record came to refer to.</summary>
public interface ITemporaryBlobs
{
    /// <summary>Deletes those that are older than <see cref="Settings.BlobSettings.TempLifetime"/>.</summary>
    /// <param name="dryRun">Only count them.</param>
    /// <param name="cancellationToken">Stops after the blob at hand.</param>
    Task<CollectedBlobs> CollectAsync(bool dryRun, CancellationToken cancellationToken);
}

/// <summary>Clears away temporary files that nothing knows of: what a crash left behind.</summary>
public interface IBlobLeftovers
{
    /// <summary>
    /// Deletes those of accounts here that are older than <see cref="Settings.BlobSettings.TempLifetime"/>, at most 10,000 at a time. Files of accounts that are
    /// not here are left alone: somebody else may keep blobs in the same place.
    /// </summary>
    /// <param name="dryRun">Only count them.</param>
    /// <param name="cancellationToken">Stops after the file at hand.</param>
    Task<CollectedBlobs> SweepAsync(bool dryRun, CancellationToken cancellationToken);
}

/// <summary>A blob of an account.</summary>
/// <param name="Cid">The raw CID of its bytes.</param>
/// <param name="MimeType">Its media type.</param>
/// <param name="Size">Its length in bytes.</param>
/// <param name="TempKey">Name of its temporary file while no record refers to it; <see langword="null"/> from then on.</param>
/// <param name="TakedownRef">The operator's note on why it is taken down; <see langword="null"/> when it is not.</param>
public sealed record BlobEntry(Cid Cid, string MimeType, long Size, string? TempKey, string? TakedownRef)
{
    /// <summary>Whether it may be served.</summary>
    public bool IsServed => TempKey is null && TakedownRef is null;
}

/// <summary>A blob that a record refers to and that is not here.</summary>
/// <param name="Cid">The blob.</param>
/// <param name="Path">One of the records.</param>
public sealed record MissingBlob(Cid Cid, RecordPath Path);

/// <summary>How many blobs an account has.</summary>
/// <param name="Expected">Different blobs that records refer to.</param>
/// <param name="Imported">Those of them that are here.</param>
public sealed record BlobCounts(long Expected, long Imported);

/// <summary>What was cleared away.</summary>
/// <param name="Count">How many blobs or files.</param>
/// <param name="Bytes">Their bytes.</param>
public sealed record CollectedBlobs(int Count, long Bytes);
