using Pds.Domain.Blobs;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;

namespace Pds.Application.Blobs;

/// <summary>Keeps the bytes of blobs. Which blobs there are, and whose, <see cref="IBlobIndex"/> knows.</summary>
/// <remarks>An operation that waits too long for its storage throws <see cref="TimeoutException"/>.</remarks>
public interface IBlobStore
{
    /// <summary>Keeps a stream as a temporary file, hashing it on the way; memory use does not depend on its length. What fails leaves nothing behind.</summary>
    /// <param name="did">Whose.</param>
    /// <param name="content">Read to its end.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<BlobUpload> PutAsync(Did did, Stream content, CancellationToken cancellationToken);

    /// <summary>Moves a file between areas, replacing what is there. Asking again for a move that is done already succeeds.</summary>
    /// <returns><see langword="false"/> when there is neither <paramref name="from"/> nor <paramref name="to"/>.</returns>
    /// <exception cref="InvalidDataException">The file is not what its CID says, so it was not made permanent.</exception>
    Task<bool> MoveAsync(Did did, BlobFile from, BlobFile to, CancellationToken cancellationToken);

    /// <summary>Opens a permanent blob, to be read from <paramref name="offset"/> on; <see langword="null"/> when the file is not there.</summary>
    /// <param name="did">Whose.</param>
    /// <param name="cid">Which.</param>
    /// <param name="offset">First byte, less than the size unless the blob is empty.</param>
    /// <param name="length">How many bytes will be read; the stream may go on behind them.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="InvalidDataException">The file is too short for that.</exception>
    Task<Stream?> OpenAsync(Did did, Cid cid, long offset, long length, CancellationToken cancellationToken);

    /// <summary>Deletes a file if it is there.</summary>
    Task DeleteAsync(Did did, BlobFile file, CancellationToken cancellationToken);

    /// <summary>Deletes everything of an account.</summary>
    Task DeleteAllAsync(Did did, CancellationToken cancellationToken);

    /// <summary>The temporary files that were written before a point in time and not since; those of one account follow each other.</summary>
    IAsyncEnumerable<StoredUpload> ListTemporaryAsync(DateTimeOffset before, CancellationToken cancellationToken);
}

/// <summary>A temporary file, whether the server knows of it or not.</summary>
/// <param name="Did">Whose.</param>
/// <param name="Key">Its name.</param>
/// <param name="Size">Its length in bytes.</param>
public sealed record StoredUpload(Did Did, string Key, long Size);

/// <summary>A stream that was kept.</summary>
/// <param name="Key">Name of its temporary file.</param>
/// <param name="Cid">The raw CID of its bytes.</param>
/// <param name="Size">How many bytes.</param>
/// <param name="Prefix">The first of them, as many as <see cref="MediaTypes.PrefixBytes"/> if there are so many.</param>
public sealed record BlobUpload(string Key, Cid Cid, long Size, ReadOnlyMemory<byte> Prefix)
{
    /// <summary>Where it lies.</summary>
    public BlobFile File => BlobFile.Temporary(Key);
}
