using System.Buffers;

namespace Pds.Infrastructure.FluentStorage;

/// <summary>So many bytes of a stream, from where it is.</summary>
internal sealed class RangeStream(Stream source, long length) : Stream
{
    private const int BufferBytes = 64 * 1024;

    private long _left = length;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Goes forward from the beginning of a stream: at once where the stream can, else by reading, one buffer at a time.</summary>
    /// <exception cref="InvalidDataException">The stream is shorter than that.</exception>
    public static async Task SkipAsync(Stream source, long offset, CancellationToken cancellationToken)
    {
        if (source.CanSeek)
        {
            source.Position = offset;
            return;
        }

        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            while (offset > 0)
            {
                int count = await source.ReadAsync(buffer.AsMemory(0, (int)Math.Min(offset, buffer.Length)), cancellationToken);
                offset -= count > 0 ? count : throw new InvalidDataException("The object is shorter than the blob.");
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int count = await source.ReadAsync(buffer[..(int)Math.Min(_left, buffer.Length)], cancellationToken);
        _left -= count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(Span<byte> buffer)
    {
        int count = source.Read(buffer[..(int)Math.Min(_left, buffer.Length)]);
        _left -= count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await source.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            source.Dispose();
        }

        base.Dispose(disposing);
    }
}
