using Pds.Application.Blobs;
using Pds.Application.Moderation;
using Pds.Application.Settings;
using Pds.Domain.Blobs;
using Pds.Domain.DataModel;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;
using Pds.Infrastructure.Moderation;
using Pds.Infrastructure.Persistence;

namespace Pds.Infrastructure.Blobs;

/// <summary>The blob tables: read through the pool, written by the single writer, with the files following.</summary>
internal sealed class BlobIndex(
    ReadPool readers, AccountIds accounts, WriteQueue queue, BlobFiles files, IBlobStore store, TimeProvider time, BlobSettings options)
    : IBlobIndex, IBlobTakedowns
{
    public async Task AddAsync(Did did, BlobUpload upload, string mimeType, CancellationToken cancellationToken)
    {
        bool kept = false;
        try
        {
            long accountId = accounts.Find(did) ?? throw new XrpcException(RepositoryErrors.RepoNotFound, $"Could not find repo for DID: {did}");
            cancellationToken.ThrowIfCancellationRequested();
            var blob = new BlobEntry(upload.Cid, mimeType, upload.Size, upload.Key, TakedownRef: null);
            DateTimeOffset now = time.GetUtcNow();
            (BlobEntry? before, bool isReferenced) = await queue.ChangeAsync(transaction => transaction.Part<BlobWriter>().Add(accountId, blob, now, options.Quota));
            kept = before is null or { TempKey: not null };
            if (before?.TempKey is { } replaced)
            {
                await store.DeleteAsync(did, BlobFile.Temporary(replaced), CancellationToken.None);
            }

            if (!kept)
            {
                kept = await files.RestoreAsync(did, accountId, upload);
            }
            else if (isReferenced)
            {
                await PromoteAsync(did, accountId, upload.Cid, CancellationToken.None);
            }
        }
        finally
        {
            if (!kept)
            {
                await store.DeleteAsync(did, upload.File, CancellationToken.None);
            }
        }
    }

    /// <summary>Makes a blob permanent that records refer to; does nothing when it is permanent, or gone.</summary>
    public async Task PromoteAsync(Did did, long accountId, Cid cid, CancellationToken cancellationToken)
    {
        try
        {
            while (await files.ClaimUploadAsync(did, accountId, cid, static _ => { }, cancellationToken) is { } key
                && !await queue.ChangeAsync(transaction => transaction.Part<BlobWriter>().Promote(accountId, cid, key)))
            {
                // uploaded once more in between, so there is another file to move
            }
        }
        catch (XrpcException refusal) when (refusal.Error == BlobErrors.BlobNotFound)
        {
            // taken down or deleted in between
        }
    }

    public ValueTask<BlobEntry?> FindAsync(Did did, Cid cid, CancellationToken cancellationToken)
    {
        if (accounts.Find(did) is not { } accountId)
        {
            return new((BlobEntry?)null);
        }

        using ReadLease lease = readers.Rent();
        return new(lease.Part<BlobReader>().Find(accountId, cid));
    }

    public ValueTask<IReadOnlyList<Cid>> ListReferencedAsync(Did did, Tid? since, Cid? after, int limit, CancellationToken cancellationToken)
    {
        if (accounts.Find(did) is not { } accountId)
        {
            return new([]);
        }

        using ReadLease lease = readers.Rent();
        return new(lease.Part<BlobReader>().ListReferenced(accountId, since, after, limit));
    }

    public ValueTask<IReadOnlyList<MissingBlob>> ListMissingAsync(Did did, Cid? after, int limit, CancellationToken cancellationToken)
    {
        if (accounts.Find(did) is not { } accountId)
        {
            return new([]);
        }

        using ReadLease lease = readers.Rent();
        return new(lease.Part<BlobReader>().ListMissing(accountId, after, limit));
    }

    public ValueTask<BlobCounts> CountAsync(Did did, CancellationToken cancellationToken)
    {
        if (accounts.Find(did) is not { } accountId)
        {
            return new(new BlobCounts(0, 0));
        }

        using ReadLease lease = readers.Rent();
        return new(lease.Part<BlobReader>().Count(accountId));
    }

    public async Task<bool> SetAsync(Did did, Cid cid, string? takedownRef, AuditNote? audit, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ReleasedBlob? released = null;
        if (accounts.Find(did) is not { } accountId
            || !await queue.ChangeAsync(transaction => transaction.Part<BlobWriter>().TakeDown(accountId, cid, takedownRef, out released), AuditRows.Joining(audit)))
        {
            return false;
        }

        if (released is { } gone)
        {
            files.Release(did, accountId, gone);
            return true;
        }

        await files.QuarantineAsync(did, accountId, cid, CancellationToken.None);
        return true;
    }
}
