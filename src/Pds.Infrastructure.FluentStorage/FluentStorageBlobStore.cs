using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using FluentStorage.Enums;
using FluentStorage.Exceptions;
using FluentStorage.Model;
using FluentStorage.Storage;
using Pds.Application.Blobs;
using Pds.Domain.Blobs;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;

namespace Pds.Infrastructure.FluentStorage;

/// <summary>Blobs as objects of a store that FluentStorage reaches. What it cannot promise, <c>UseFluentStorage</c> says.</summary>
/// <remarks>
/// No provider is trusted with more than whole objects: a move copies, reads the copy back and deletes, in this order, because no provider moves at once;
/// a range is skipped to and cut off here, because the disk provider's ranges have no end.
/// </remarks>
internal sealed class FluentStorageBlobStore(IStore store) : IBlobStore, IDisposable
{
    public Task<BlobUpload> PutAsync(Did did, Stream content, CancellationToken cancellationToken) => RunAsync(
        async () =>
        {
            string key = BlobFile.NewKey(RandomNumberGenerator.GetBytes(BlobFile.KeyBytes));
            using var hash = new ContentHash();
            await WriteAsync(PathOf(did, BlobFile.Temporary(key)), content, hash, cancellationToken);
            return hash.ToUpload(key);
        },
        cancellationToken);

    public Task<bool> MoveAsync(Did did, BlobFile from, BlobFile to, CancellationToken cancellationToken) => RunAsync(
        async () =>
        {
            bool isUpload = from.Area == BlobArea.Temporary;
            string source = PathOf(did, from);
            string target = PathOf(did, to);
            bool isThere = await FindAsync(target, cancellationToken) is not null;
            if (isThere && (isUpload ? await HashAsync(target, cancellationToken) == to.Name : await FindAsync(source, cancellationToken) is null))
            {
                await DeleteObjectAsync(source, cancellationToken);    // an earlier move came as far as this, or the same content was uploaded again
                return true;
            }

            if (await OpenAsync(source, cancellationToken) is not { } content)
            {
                return isThere;
            }

            await using (content)
            {
                await CopyAsync(content, target, isUpload ? to.Name : null, cancellationToken);
            }

            await DeleteObjectAsync(source, cancellationToken);
            return true;
        },
        cancellationToken);

    public Task<Stream?> OpenAsync(Did did, Cid cid, long offset, long length, CancellationToken cancellationToken) => RunAsync<Stream?>(
        async () =>
        {
            string path = PathOf(did, BlobFile.Permanent(cid));
            if (await FindAsync(path, cancellationToken) is not { } found)
            {
                return null;
            }

            if (found.Size < offset + length)
            {
                throw new InvalidDataException($"The object of the blob {cid} of {did} is shorter than the blob.");
            }

            if (await OpenAsync(path, cancellationToken) is not { } content)
            {
                return null;
            }

            try
            {
                await RangeStream.SkipAsync(content, offset, cancellationToken);
                return new RangeStream(content, length);
            }
            catch
            {
                await content.DisposeAsync();
                throw;
            }
        },
        cancellationToken);

    public Task DeleteAsync(Did did, BlobFile file, CancellationToken cancellationToken) =>
        RunAsync(() => DeleteObjectAsync(PathOf(did, file), cancellationToken), cancellationToken);

    public Task DeleteAllAsync(Did did, CancellationToken cancellationToken) => RunAsync(
        async () =>
        {
            foreach (BlobArea area in Enum.GetValues<BlobArea>())
            {
                string folder = FolderOf(did, area);
                foreach (StoreObject item in await ListAsync(folder, cancellationToken))
                {
                    await DeleteObjectAsync($"{folder}/{item.Name}", cancellationToken);
                }

                if (await store.IsFileSystem() && await store.DirectoryExists(folder, cancellationToken))
                {
                    await store.DeleteDirectory(folder, recursive: true, cancellationToken);
                }
            }

            return true;
        },
        cancellationToken);

    public async IAsyncEnumerable<StoredUpload> ListTemporaryAsync(DateTimeOffset before, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (StoreObject account in await RunAsync(() => ListAsync(PrefixOf(BlobArea.Temporary), cancellationToken), cancellationToken))
        {
            if (!account.IsFolder || !Did.TryParse(account.Name, out Did did))
            {
                continue;
            }

            foreach (StoreObject item in await RunAsync(() => ListAsync(FolderOf(did, BlobArea.Temporary), cancellationToken), cancellationToken))
            {
                if (item.IsFile && item.DateModified < before)
                {
                    yield return new StoredUpload(did, item.Name, item.Size ?? 0);
                }
            }
        }
    }

    public void Dispose() => store.Dispose();

    private static string PathOf(Did did, BlobFile file) => $"{FolderOf(did, file.Area)}/{file.Name}";

    private static string FolderOf(Did did, BlobArea area) => $"{PrefixOf(area)}/{did}";

    private static string PrefixOf(BlobArea area) => area switch
    {
        BlobArea.Permanent => "blocks",
        BlobArea.Temporary => "tmp",
        _ => "quarantine",
    };

    /// <summary>A time limit of the provider shows as a cancellation that nobody asked for.</summary>
    private static async Task<T> RunAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
    {
        try
        {
            return await work();
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException("The blob store did not answer in time.", exception);
        }
    }

    /// <summary>Some providers answer an absent object by an exception, others by nothing.</summary>
    private static async Task<T?> OrNothingAsync<T>(Task<T> answer)
    {
        try
        {
            return await answer;
        }
        catch (Exception exception) when (exception is StorageException { ErrorCode: StorageErrorCode.NotFound } or FileNotFoundException or DirectoryNotFoundException)
        {
            return default;
        }
    }

    private Task<StoreObject?> FindAsync(string path, CancellationToken cancellationToken) => OrNothingAsync(store.GetObjectInfo(path, cancellationToken));

    private Task<Stream?> OpenAsync(string path, CancellationToken cancellationToken) => OrNothingAsync(store.OpenRead(path, cancellationToken));

    private async Task<IReadOnlyList<StoreObject>> ListAsync(string folder, CancellationToken cancellationToken) =>
        await OrNothingAsync(store.ListDirectory(folder, recurse: false, cancellationToken)) ?? [];

    private Task<bool> DeleteObjectAsync(string path, CancellationToken cancellationToken)
    {
        return OrNothingAsync(DeleteAsync());

        async Task<bool> DeleteAsync()
        {
            await store.DeleteObject(path, cancellationToken);
            return true;
        }
    }

    /// <summary>Writes an object; what fails is taken away again.</summary>
    private async Task WriteAsync(string path, Stream content, ContentHash hash, CancellationToken cancellationToken)
    {
        try
        {
            await using var hashed = new HashedStream(content, hash);
            await store.SetObject(path, hashed, append: false, cancellationToken);
        }
        catch
        {
            await TakeAwayAsync(path);
            throw;
        }
    }

    /// <summary>Copies, and reads the copy back.</summary>
    /// <param name="content">The source.</param>
    /// <param name="target">Path of the copy.</param>
    /// <param name="expected">The CID that the content must have; <see langword="null"/> for whatever it is.</param>
    /// <param name="cancellationToken">Gives up.</param>
    private async Task CopyAsync(Stream content, string target, string? expected, CancellationToken cancellationToken)
    {
        using var hash = new ContentHash();
        await WriteAsync(target, content, hash, cancellationToken);
        string copied = hash.Finish().ToString();
        if (copied != (expected ?? copied) || await HashAsync(target, cancellationToken) != copied)
        {
            await TakeAwayAsync(target);
            throw new InvalidDataException($"{target} could not be made: the object to move is damaged, or the store did not keep the copy as it was written.");
        }
    }

    /// <summary>The CID of what the store gives back; <see langword="null"/> when that is nothing.</summary>
    private async Task<string?> HashAsync(string path, CancellationToken cancellationToken)
    {
        if (await OpenAsync(path, cancellationToken) is not { } content)
        {
            return null;
        }

        await using (content)
        {
            return Cid.FromDigest(CidCodec.Raw, await SHA256.HashDataAsync(content, cancellationToken)).ToString();
        }
    }

    /// <summary>Why writing failed matters more than whether this does; uploads that stay behind are collected by their age.</summary>
    private async Task TakeAwayAsync(string path)
    {
        try
        {
            await DeleteObjectAsync(path, CancellationToken.None);
        }
        catch (Exception)
        {
        }
    }
}
