using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Pds.Domain.DataModel;

namespace Pds.Domain.Repositories.Car;

/// <summary>Reads a CAR of version 1 block by block, bounded, and checks the hash of every block.</summary>
/// <remarks>
/// Order, duplicates and blocks nobody refers to are the sender's business. Memory is that of one block at a time, plus what the pipe buffers.
/// The reader leaves completing the pipe to whoever owns it. Not safe for concurrent use.
/// </remarks>
public sealed class CarReader
{
    private readonly PipeReader _input;
    private readonly CarLimits _limits;
    private long _bytesLeft;

    private CarReader(PipeReader input, CarLimits limits)
    {
        _input = input;
        _limits = limits;
        _bytesLeft = limits.MaxTotalBytes;
    }

    /// <summary>The roots the header names.</summary>
    public IReadOnlyList<Cid> Roots { get; private set; } = [];

    /// <summary>Reads the header.</summary>
    /// <exception cref="CarException">Not a CAR, or a limit is passed.</exception>
    public static async ValueTask<CarReader> OpenAsync(PipeReader input, CarLimits limits, CancellationToken cancellationToken)
    {
        var reader = new CarReader(input, limits);
        while (true)
        {
            ReadResult read = await reader.ReadMoreAsync(cancellationToken);
            ReadOnlySequence<byte> rest = read.Buffer;
            SequencePosition examined = rest.End;
            try
            {
                if (reader.TryTake(ref rest, CarSection.MaxHeaderBytes(limits), out ReadOnlySequence<byte> section))
                {
                    examined = rest.Start;
                    reader.Roots = CarSection.ReadHeader(section.IsSingleSegment ? section.FirstSpan : section.ToArray(), limits);
                    return reader;
                }
            }
            finally
            {
                input.AdvanceTo(rest.Start, examined);
            }

            if (read.IsCompleted)
            {
                throw Truncated();
            }
        }
    }

    /// <summary>Reads the blocks that were not read yet, each into memory of its own.</summary>
    /// <exception cref="CarException">Not a CAR, a hash is wrong, or a limit is passed.</exception>
    public async IAsyncEnumerable<Block> ReadBlocksAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        bool isCompleted = false;
        while (!isCompleted)
        {
            ReadResult read = await ReadMoreAsync(cancellationToken);
            ReadOnlySequence<byte> rest = read.Buffer;
            bool needsMore = false;
            try
            {
                while (TryTake(ref rest, CarSection.MaxBlockBytes(_limits), out ReadOnlySequence<byte> section))
                {
                    yield return CarSection.ReadBlock(section.ToArray());
                }

                needsMore = true;
            }
            finally
            {
                _input.AdvanceTo(rest.Start, needsMore ? rest.End : rest.Start);
            }

            isCompleted = read.IsCompleted;
            if (isCompleted && !rest.IsEmpty)
            {
                throw Truncated();
            }
        }
    }

    /// <summary>Reads the whole of a small CAR at once: proofs, event slices. The blocks are slices of the memory given.</summary>
    /// <exception cref="CarException">Not a CAR, or a hash is wrong.</exception>
    public static (IReadOnlyList<Cid> Roots, IReadOnlyDictionary<Cid, ReadOnlyMemory<byte>> Blocks) ReadAll(ReadOnlyMemory<byte> car)
    {
        var limits = new CarLimits();
        ReadOnlyMemory<byte> rest = car;
        IReadOnlyList<Cid> roots = CarSection.ReadHeader(Take(ref rest, CarSection.MaxHeaderBytes(limits)).Span, limits);
        var blocks = new Dictionary<Cid, ReadOnlyMemory<byte>>();
        while (!rest.IsEmpty)
        {
            Block block = CarSection.ReadBlock(Take(ref rest, CarSection.MaxBlockBytes(limits)));
            blocks.TryAdd(block.Cid, block.Bytes);
        }

        return (roots, blocks);
    }

    private static ReadOnlyMemory<byte> Take(ref ReadOnlyMemory<byte> rest, long maxLength)
    {
        if (!CarVarint.TryRead(rest.Span, out long length, out int prefixLength) || length > rest.Length - prefixLength)
        {
            throw Truncated();
        }

        RequireLength(length, maxLength);
        ReadOnlyMemory<byte> section = rest.Slice(prefixLength, (int)length);
        rest = rest[(prefixLength + (int)length)..];
        return section;
    }

    // Judges the length as soon as it is known, before any of what it announces is waited for.
    private bool TryTake(ref ReadOnlySequence<byte> rest, long maxLength, out ReadOnlySequence<byte> section)
    {
        section = default;
        Span<byte> copy = stackalloc byte[CarVarint.MaxLength];
        scoped ReadOnlySpan<byte> start = rest.FirstSpan;
        if (start.Length < CarVarint.MaxLength && !rest.IsSingleSegment)
        {
            int available = (int)Math.Min(CarVarint.MaxLength, rest.Length);
            rest.Slice(0, available).CopyTo(copy);
            start = copy[..available];
        }

        if (!CarVarint.TryRead(start, out long length, out int prefixLength))
        {
            return false;
        }

        RequireLength(length, maxLength);
        if (prefixLength + length > _bytesLeft)
        {
            throw new CarException($"The file is larger than {_limits.MaxTotalBytes} bytes.");
        }

        if (rest.Length < prefixLength + length)
        {
            return false;
        }

        section = rest.Slice(prefixLength, length);
        rest = rest.Slice(section.End);
        _bytesLeft -= prefixLength + length;
        return true;
    }

    private static void RequireLength(long length, long maxLength)
    {
        if (length > maxLength)
        {
            throw new CarException($"A section of {length} bytes is larger than allowed.");
        }
    }

    private async ValueTask<ReadResult> ReadMoreAsync(CancellationToken cancellationToken)
    {
        ReadResult read = await _input.ReadAsync(cancellationToken);
        if (read.IsCanceled)
        {
            _input.AdvanceTo(read.Buffer.Start);
            throw new OperationCanceledException("Reading the CAR was cancelled.");
        }

        return read;
    }

    private static CarException Truncated() => new("The file ends in the middle of a section.");
}
