using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Pds.Domain.DataModel;
using Pds.Domain.Repositories;
using Pds.Domain.Repositories.Car;

namespace Pds.Infrastructure.Repositories;

/// <summary>The blocks of one import in a file that goes when it is disposed of. In memory are 16 bytes for each block.</summary>
/// <remarks>First all blocks are added, then they are looked up, by one thread at a time.</remarks>
internal sealed class ImportBlocks : IDisposable
{
    /// <summary>Most blocks of one archive; their index takes 256 MiB then.</summary>
    public const int MaxBlocks = 16 * 1024 * 1024;

    private const int LengthBits = 22; // more than the largest block a CAR may have, see CarLimits
    private const int BufferBytes = 256 * 1024;

    /// <summary>Archives mostly lie in the order in which they are asked for, so one read gives the next few blocks as well.</summary>
    private const int WindowBytes = 16 * 1024;

    private readonly SafeFileHandle _file;
    private readonly List<ulong> _digests = [];
    private readonly List<ulong> _places = [];
    private byte[] _buffer = GC.AllocateUninitializedArray<byte>(BufferBytes);
    private int _buffered;
    private long _length;
    private byte[] _window = [];
    private long _windowAt;
    private int _windowLength;

    private ImportBlocks(SafeFileHandle file) => _file = file;

    public int Count => _digests.Count;

    /// <summary>Makes an empty file.</summary>
    /// <param name="folder">Where; must be there.</param>
    public static ImportBlocks Create(string folder) =>
        new(File.OpenHandle(Path.Combine(folder, Path.GetRandomFileName()), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose));

    /// <summary>Adds a block whose hash is checked.</summary>
    /// <exception cref="CarException">There are too many.</exception>
    public async ValueTask AddAsync(Block block, CancellationToken cancellationToken)
    {
        if (Count == MaxBlocks)
        {
            throw new CarException($"The file has more than {MaxBlocks} blocks.");
        }

        int length = Cid.ByteLength + block.Bytes.Length;
        if (_buffered + length > _buffer.Length)
        {
            await FlushAsync(cancellationToken);
            if (length > _buffer.Length)
            {
                _buffer = GC.AllocateUninitializedArray<byte>(length);
            }
        }

        _digests.Add(DigestOf(block.Cid));
        _places.Add(((ulong)(_length + _buffered) << LengthBits) | (uint)block.Bytes.Length);
        block.Cid.CopyTo(_buffer.AsSpan(_buffered));
        block.Bytes.CopyTo(_buffer.AsMemory(_buffered + Cid.ByteLength));
        _buffered += length;
    }

    /// <summary>Makes the blocks ready to be looked up.</summary>
    public async ValueTask SealAsync(CancellationToken cancellationToken)
    {
        await FlushAsync(cancellationToken);
        _buffer = [];
        _window = GC.AllocateUninitializedArray<byte>(WindowBytes);
        CollectionsMarshal.AsSpan(_digests).Sort(CollectionsMarshal.AsSpan(_places));
    }

    /// <summary>A block in memory of its own, or <see langword="null"/>.</summary>
    public ReadOnlyMemory<byte>? Find(Cid cid)
    {
        Span<byte> named = stackalloc byte[Cid.ByteLength];
        cid.CopyTo(named);
        ulong digest = DigestOf(cid);
        for (int i = FirstOf(digest); i < _digests.Count && _digests[i] == digest; i++)
        {
            ulong place = _places[i];
            int length = (int)(place & ((1UL << LengthBits) - 1));
            ReadOnlySpan<byte> found = Read((long)(place >> LengthBits), Cid.ByteLength + length);
            if (found[..Cid.ByteLength].SequenceEqual(named))
            {
                return found[Cid.ByteLength..].ToArray();
            }
        }

        return null;
    }

    public void Dispose() => _file.Dispose();

    private static ulong DigestOf(Cid cid)
    {
        Span<byte> sha256 = stackalloc byte[32];
        cid.CopyDigestTo(sha256);
        return BinaryPrimitives.ReadUInt64BigEndian(sha256);
    }

    private async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        await RandomAccess.WriteAsync(_file, _buffer.AsMemory(0, _buffered), _length, cancellationToken);
        _length += _buffered;
        _buffered = 0;
    }

    private int FirstOf(ulong digest)
    {
        int low = 0;
        int high = _digests.Count;
        while (low < high)
        {
            int middle = low + ((high - low) / 2);
            if (_digests[middle] < digest)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    private ReadOnlySpan<byte> Read(long at, int length)
    {
        if (at < _windowAt || at + length > _windowAt + _windowLength)
        {
            if (length > _window.Length)
            {
                _window = GC.AllocateUninitializedArray<byte>(length);
            }

            _windowLength = 0;
            _windowAt = at;
            while (_windowLength < length)
            {
                int read = RandomAccess.Read(_file, _window.AsSpan(_windowLength), at + _windowLength);
                _windowLength += read > 0 ? read : throw new EndOfStreamException("The file of an import is shorter than it was.");
            }
        }

        return _window.AsSpan((int)(at - _windowAt), length);
    }
}
