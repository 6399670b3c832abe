using System.Security.Cryptography;
using Pds.Application.Blobs;
using Pds.Domain.Blobs;
using Pds.Domain.DataModel;

namespace Pds.Infrastructure.Blobs;

/// <summary>Follows a stream that passes by: its hash, its length and its beginning.</summary>
internal sealed class ContentHash : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _prefix = new byte[MediaTypes.PrefixBytes];
    private int _prefixLength;

    public long Size { get; private set; }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        _hash.AppendData(bytes);
        Size += bytes.Length;
        ReadOnlySpan<byte> first = bytes[..Math.Min(bytes.Length, _prefix.Length - _prefixLength)];
        first.CopyTo(_prefix.AsSpan(_prefixLength));
        _prefixLength += first.Length;
    }

    /// <summary>The CID of what has passed. Once only.</summary>
    public Cid Finish()
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        _hash.GetHashAndReset(digest);
        return Cid.FromDigest(CidCodec.Raw, digest);
    }

    /// <summary>What was kept under a key. Once only.</summary>
    public BlobUpload ToUpload(string key) => new(key, Finish(), Size, _prefix.AsMemory(0, _prefixLength));

    public void Dispose() => _hash.Dispose();
}
