using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pds.Application.Blobs;
using Pds.Domain.Blobs;
using Pds.Domain.DataModel;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;
using Pds.Infrastructure.Persistence;

namespace Pds.Infrastructure.Blobs;

/// <summary>Moves and deletes the files of blobs in step with the database, but outside of its transactions.</summary>
/// <remarks>
/// Files are moved before the transaction that needs them and deleted after the one that forgets them. Both happen under the blob's lock: a file is moved only
/// while the row says that the upload is here, and deleted only while there is no row. A row that came and went in between has another key,
/// which the transaction notices (<see cref="BlobWriter.Apply"/>). So a blob that a record refers to always has its file.
/// </remarks>
internal sealed partial class BlobFiles(IBlobStore store, ReadPool readers, BlobLocks locks, TimeProvider time, ILogger<BlobFiles> logger)
    : IHostedService, IDisposable
{
    private const int MaxParallelMoves = 20;
    private static readonly TimeSpan MoveLimit = TimeSpan.FromSeconds(60);

    private readonly Channel<(long AccountId, Did Did, ReleasedBlob Blob)> _released =
        Channel.CreateUnbounded<(long, Did, ReleasedBlob)>(new UnboundedChannelOptions { SingleReader = true });

    private Task _run = Task.CompletedTask;

    /// <summary>The refusal of a reference to a blob that is not here, or not any more.</summary>
    public static XrpcException NotFound(Cid cid) => new(BlobErrors.BlobNotFound, $"Could not find blob: {cid}");

    /// <summary>Checks what the records of a commit refer to and moves the files of temporary blobs to their permanent place.</summary>
    /// <exception cref="XrpcException">BlobNotFound, InvalidMimeType, InvalidSize, UpstreamTimeout.</exception>
    public ValueTask<BlobClaims> ClaimAsync(Did did, long accountId, RepositoryChange change, CancellationToken cancellationToken)
    {
        List<BlobRef>? blobs = null;
        foreach (RepositoryOp op in change.Ops)
        {
            if (op.Record?.FindBlobs() is { Count: > 0 } found)
            {
                (blobs ??= []).AddRange(found);
            }
        }

        return blobs is null ? new(BlobClaims.None) : new(ClaimAllAsync(did, accountId, blobs, cancellationToken));
    }

    /// <summary>Moves the file of an upload to its permanent place.</summary>
    /// <param name="did">Whose.</param>
    /// <param name="accountId">The same account.</param>
    /// <param name="cid">Which.</param>
    /// <param name="check">Refuses the blob as it is.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The key of the upload; <see langword="null"/> when the blob is permanent already.</returns>
    /// <exception cref="XrpcException">BlobNotFound.</exception>
    public async Task<string?> ClaimUploadAsync(Did did, long accountId, Cid cid, Action<BlobEntry> check, CancellationToken cancellationToken)
    {
        if (Find(accountId, cid) is { IsServed: true })
        {
            return null;
        }

        using BlobLocks.Holder holder = await locks.EnterAsync(accountId, cid, cancellationToken);
        BlobEntry? blob = Find(accountId, cid);
        while (blob is { TakedownRef: null, TempKey: { } key })
        {
            check(blob);
            if (await store.MoveAsync(did, BlobFile.Temporary(key), BlobFile.Permanent(cid), cancellationToken))
            {
                return key;
            }

            blob = Find(accountId, cid);
            if (blob?.TempKey == key)
            {
                LogFileMissing(did, cid);
                throw NotFound(cid);
            }

            // uploaded once more in between: the other upload's file is the one to move
        }

        return blob is { TakedownRef: null } ? null : throw NotFound(cid);
    }

    /// <summary>Puts an upload in the place of a permanent file of the same content, which may have been lost or damaged.</summary>
    /// <returns>Whether it was moved there; not when the blob is not permanent any more.</returns>
    public async Task<bool> RestoreAsync(Did did, long accountId, BlobUpload upload)
    {
        using BlobLocks.Holder holder = await locks.EnterAsync(accountId, upload.Cid, CancellationToken.None);
        return Find(accountId, upload.Cid) is { IsServed: true }
            && await store.MoveAsync(did, upload.File, BlobFile.Permanent(upload.Cid), CancellationToken.None);
    }

    /// <summary>Moves a permanent file into or out of quarantine, as the row says. A missing file is no obstacle.</summary>
    public async Task QuarantineAsync(Did did, long accountId, Cid cid, CancellationToken cancellationToken)
    {
        using BlobLocks.Holder holder = await locks.EnterAsync(accountId, cid, cancellationToken);
        if (Find(accountId, cid) is { TempKey: null } blob)
        {
            (BlobFile open, BlobFile shut) = (BlobFile.Permanent(cid), BlobFile.Quarantined(cid));
            _ = blob.TakedownRef is null
                ? await store.MoveAsync(did, shut, open, cancellationToken)
                : await store.MoveAsync(did, open, shut, cancellationToken);
        }
    }

    /// <summary>Deletes the files of a blob whose row is gone for good, in the background.</summary>
    public void Release(Did did, long accountId, ReleasedBlob blob) => _released.Writer.TryWrite((accountId, did, blob));

    /// <summary>Deletes all files of an account that is gone for good. Failures are logged.</summary>
    public async Task DeleteAllAsync(Did did)
    {
        try
        {
            await store.DeleteAllAsync(did, CancellationToken.None);
        }
        catch (Exception exception)
        {
            LogAccountFailed(exception, did);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _run = Task.Run(RunAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    /// <summary>Deletes what is released, then ends.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        _released.Writer.TryComplete();
        return _run.WaitAsync(cancellationToken);
    }

    public void Dispose() => _released.Writer.TryComplete();

    private async Task<BlobClaims> ClaimAllAsync(Did did, long accountId, List<BlobRef> blobs, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(MoveLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var keys = new ConcurrentDictionary<Cid, string>();
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = MaxParallelMoves, CancellationToken = either.Token };
        try
        {
            await Parallel.ForEachAsync(blobs.GroupBy(blob => blob.Cid), parallel, async (references, token) =>
            {
                if (await ClaimUploadAsync(did, accountId, references.Key, blob => RequireSame(references, blob), token) is { } key)
                {
                    keys[references.Key] = key;
                }
            });
        }
        catch (Exception exception) when (exception is TimeoutException || (exception is OperationCanceledException && limit.IsCancellationRequested))
        {
            throw new XrpcException(RequestErrors.UpstreamTimeout, "Operation timed out, please try again.");
        }

        return new BlobClaims(new Dictionary<Cid, string>(keys));
    }

    private static void RequireSame(IEnumerable<BlobRef> references, BlobEntry blob)
    {
        foreach (BlobRef reference in references)
        {
            if (reference.MimeType != blob.MimeType)
            {
                throw new XrpcException(
                    BlobErrors.InvalidMimeType, $"Referenced mimetype does not match stored blob. Expected: {blob.MimeType}, Got: {reference.MimeType}");
            }

            if (reference.Size != blob.Size)
            {
                throw new XrpcException(BlobErrors.InvalidSize, $"Referenced size does not match stored blob. Expected: {blob.Size}, Got: {reference.Size}");
            }
        }
    }

    private BlobEntry? Find(long accountId, Cid cid)
    {
        using ReadLease lease = readers.Rent();
        return lease.Part<BlobReader>().Find(accountId, cid);
    }

    private async Task RunAsync()
    {
        await foreach ((long accountId, Did did, ReleasedBlob blob) in _released.Reader.ReadAllAsync())
        {
            try
            {
                await DeleteAsync(did, accountId, blob);
            }
            catch (Exception exception)
            {
                LogDeleteFailed(exception, did, blob.Cid);
            }
        }
    }

    private async Task DeleteAsync(Did did, long accountId, ReleasedBlob blob)
    {
        if (blob.TempKey is { } key)
        {
            await store.DeleteAsync(did, BlobFile.Temporary(key), CancellationToken.None);
        }

        using BlobLocks.Holder holder = await locks.EnterAsync(accountId, blob.Cid, CancellationToken.None);
        if (Find(accountId, blob.Cid) is null)
        {
            await store.DeleteAsync(did, BlobFile.Permanent(blob.Cid), CancellationToken.None);
            if (blob.IsQuarantined)
            {
                await store.DeleteAsync(did, BlobFile.Quarantined(blob.Cid), CancellationToken.None);
            }
        }
    }

    [LoggerMessage(5001, LogLevel.Error, "The file of the uploaded blob {Cid} of {Did} is missing")]
    private partial void LogFileMissing(Did did, Cid cid);

    [LoggerMessage(5002, LogLevel.Error, "The file of the deleted blob {Cid} of {Did} could not be deleted")]
    private partial void LogDeleteFailed(Exception exception, Did did, Cid cid);

    [LoggerMessage(5003, LogLevel.Error, "The blobs of the deleted account {Did} could not be deleted")]
    private partial void LogAccountFailed(Exception exception, Did did);
}
