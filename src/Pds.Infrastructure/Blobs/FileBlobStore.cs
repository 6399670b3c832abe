using System.Buffers;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using Pds.Application.Blobs;
using Pds.Application.Settings;
using Pds.Domain.Blobs;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;
using Pds.Infrastructure.Persistence;

namespace Pds.Infrastructure.Blobs;

/// <summary>Blobs as files, laid out as by the official server's disk store, so that its directory can be taken over as it is.</summary>
/// <remarks>
/// Permanent <c>&lt;location&gt;/&lt;did&gt;/&lt;cid&gt;</c>, temporary <c>&lt;location&gt;/tempt/&lt;did&gt;/&lt;key&gt;</c> (with that t) or in a directory of
/// its own, taken down <c>&lt;location&gt;/quarantine/&lt;did&gt;/&lt;cid&gt;</c>. A file reaches the disk before its name does.
/// </remarks>
internal sealed class FileBlobStore(string location, string temporaryLocation, FullDisk? disk = null) : IBlobStore
{
    private const int BufferBytes = 128 * 1024;

    public FileBlobStore(StorageSettings options, FullDisk disk)
        : this(options.BlobPath, options.BlobTempPath, disk)
    {
    }

    public async Task<BlobUpload> PutAsync(Did did, Stream content, CancellationToken cancellationToken)
    {
        string key = BlobFile.NewKey(RandomNumberGenerator.GetBytes(BlobFile.KeyBytes));
        string path = PathOf(did, BlobFile.Temporary(key));
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            return await WriteAsync(path, key, content, cancellationToken);
        }
        catch (Exception exception)
        {
            if (File.Exists(path))
            {
                File.Delete(path);
            }

            if (disk is not null && FullDisk.IsCause(exception))
            {
                throw disk.Report(temporaryLocation);
            }

            throw;
        }
    }

    public async Task<bool> MoveAsync(Did did, BlobFile from, BlobFile to, CancellationToken cancellationToken)
    {
        string source = PathOf(did, from);
        string target = PathOf(did, to);
        if (!File.Exists(source))
        {
            return File.Exists(target);
        }

        try
        {
            if (from.Area == BlobArea.Temporary)
            {
                await VerifyAsync(source, to, cancellationToken);
            }

            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Move(source, target, overwrite: true);
        }
        catch (FileNotFoundException)
        {
            return File.Exists(target);    // deleted in between
        }

        DirectorySync.Flush(Path.GetDirectoryName(target)!);
        return true;
    }

    public Task<Stream?> OpenAsync(Did did, Cid cid, long offset, long length, CancellationToken cancellationToken)
    {
        try
        {
            // Read in large pieces by the one who asks, mostly from the system's cache: neither a buffer nor asynchronous reads would gain anything.
            var file = new FileStream(
                PathOf(did, BlobFile.Permanent(cid)), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan);
            if (file.Length < offset + length)
            {
                file.Dispose();
                throw new InvalidDataException($"The file of the blob {cid} of {did} is shorter than the blob.");
            }

            file.Position = offset;
            return Task.FromResult<Stream?>(file);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return Task.FromResult<Stream?>(null);
        }
    }

    public Task DeleteAsync(Did did, BlobFile file, CancellationToken cancellationToken)
    {
        try
        {
            File.Delete(PathOf(did, file));
        }
        catch (DirectoryNotFoundException)
        {
            // then there is no such file either
        }

        return Task.CompletedTask;
    }

    public Task DeleteAllAsync(Did did, CancellationToken cancellationToken)
    {
        foreach (BlobArea area in Enum.GetValues<BlobArea>())
        {
            string directory = Path.Combine(DirectoryOf(area), NameOf(did));
            if (Directory.Exists(directory))
            {
                Directory.Delete(directory, recursive: true);
            }
        }

        return Task.CompletedTask;
    }

    public IAsyncEnumerable<StoredUpload> ListTemporaryAsync(DateTimeOffset before, CancellationToken cancellationToken) =>
        FindTemporary(before).ToAsyncEnumerable();

    private IEnumerable<StoredUpload> FindTemporary(DateTimeOffset before)
    {
        var folder = new DirectoryInfo(temporaryLocation);
        foreach (DirectoryInfo account in folder.Exists ? folder.EnumerateDirectories() : [])
        {
            if (!Did.TryParse(OperatingSystem.IsWindows() ? account.Name.Replace("%3A", ":", StringComparison.Ordinal) : account.Name, out Did did))
            {
                continue;
            }

            foreach (FileInfo file in account.EnumerateFiles())
            {
                if (file.Exists && file.LastWriteTimeUtc < before.UtcDateTime)    // some are gone by now
                {
                    yield return new StoredUpload(did, file.Name, file.Length);
                }
            }
        }
    }

    private static async Task<BlobUpload> WriteAsync(string path, string key, Stream content, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        using var hash = new ContentHash();
        try
        {
            using SafeFileHandle file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
            int count;
            do
            {
                count = await content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
                RandomAccess.Write(file, buffer.AsSpan(0, count), hash.Size);
                hash.Append(buffer.AsSpan(0, count));
            }
            while (count == buffer.Length);

            RandomAccess.FlushToDisk(file);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return hash.ToUpload(key);
    }

    /// <summary>A file that is to be permanent must be what its name says, whatever happened to the disk in between.</summary>
    private static async Task VerifyAsync(string path, BlobFile target, CancellationToken cancellationToken)
    {
        byte[] digest;
        await using (var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan))
        {
            digest = await SHA256.HashDataAsync(file, cancellationToken);
        }

        if (Cid.FromDigest(CidCodec.Raw, digest).ToString() != target.Name)
        {
            throw new InvalidDataException($"The uploaded file of the blob {target.Name} has other content than when it was uploaded.");
        }
    }

    private string PathOf(Did did, BlobFile file) => Path.Combine(DirectoryOf(file.Area), NameOf(did), file.Name);

    private string DirectoryOf(BlobArea area) => area switch
    {
        BlobArea.Permanent => location,
        BlobArea.Temporary => temporaryLocation,
        _ => Path.Combine(location, "quarantine"),
    };

    /// <summary>DIDs are names as they are, but for Windows, where a colon cannot be part of one.</summary>
    private static string NameOf(Did did) =>
        OperatingSystem.IsWindows() ? did.ToString().Replace(":", "%3A", StringComparison.Ordinal) : did.ToString();
}
