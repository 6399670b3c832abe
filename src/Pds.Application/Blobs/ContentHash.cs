using System.Security.Cryptography;
using Pds.Domain.Blobs;
using Pds.Domain.DataModel;

namespace Pds.Application.Blobs;

/// <summary>Hashes the bytes of an upload piece by piece, counts them and keeps the first of them: all that <see cref="IBlobStore.PutAsync"/> answers.</summary>
public sealed class ContentHash : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _prefix = new byte[MediaTypes.PrefixBytes];
    private int _prefixLength;

    /// <summary>Bytes appended so far.</summary>
    public long Size { get; private set; }

    /// <summary>Adds the next bytes of the content.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        _hash.AppendData(bytes);
        Size += bytes.Length;
        ReadOnlySpan<byte> first = bytes[..Math.Min(bytes.Length, _prefix.Length - _prefixLength)];
        first.CopyTo(_prefix.AsSpan(_prefixLength));
        _prefixLength += first.Length;
    }

    /// <summary>Computes the CID of the appended bytes. Call this or <see cref="ToUpload"/>, once.</summary>
    public Cid Finish()
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        _hash.GetHashAndReset(digest);
        return Cid.FromDigest(CidCodec.Raw, digest);
    }

    /// <summary>Describes the upload. Call this or <see cref="Finish"/>, once.</summary>
    /// <param name="key">Name of the temporary file.</param>
    public BlobUpload ToUpload(string key) => new(key, Finish(), Size, _prefix.AsMemory(0, _prefixLength));

    /// <summary>Frees the native hash state.</summary>
    public void Dispose() => _hash.Dispose();
}
