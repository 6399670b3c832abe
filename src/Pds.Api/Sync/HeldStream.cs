using System.Buffers;

namespace Pds.Api.Sync;

/// <summary>
/// The stream under a WebSocket. On demand it keeps messages back and writes many at once: to a subscriber that is behind, the system calls and
/// the scheduling of single messages would cost more than their bytes.
/// </summary>
/// <remarks>
/// The socket writes one message at a time and whole; only <see cref="ReleaseAsync"/> may meet one of its pongs, so the two take turns.
/// </remarks>
/// <param name="inner">The connection; owned.</param>
internal sealed class HeldStream(Stream inner) : Stream
{
    /// <summary>So many bytes are written at once.</summary>
    private const int HeldBytes = 64 * 1024;

    private readonly SemaphoreSlim _turn = new(1);
    private readonly Lock _lock = new();
    private byte[]? _held;
    private int _count;

    public override bool CanRead => inner.CanRead;

    public override bool CanSeek => false;

    public override bool CanWrite => inner.CanWrite;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Keeps back what is written from now on, as much as there is room for.</summary>
    public void Hold()
    {
        lock (_lock)
        {
            _held ??= ArrayPool<byte>.Shared.Rent(HeldBytes);
        }
    }

    /// <summary>Writes what was kept back, and ends keeping back.</summary>
    public async ValueTask ReleaseAsync()
    {
        byte[]? held;
        int count;
        await _turn.WaitAsync();
        try
        {
            lock (_lock)
            {
                (held, count) = (_held, _count);
                (_held, _count) = (null, 0);
            }

            if (count > 0)
            {
                await inner.WriteAsync(held.AsMemory(0, count));
                await inner.FlushAsync();
            }
        }
        finally
        {
            _turn.Release();
        }

        // Not after a fault: the connection may still be reading it.
        if (held is not null)
        {
            ArrayPool<byte>.Shared.Return(held);
        }
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            if (_held is not null && _count + buffer.Length <= _held.Length)
            {
                buffer.Span.CopyTo(_held.AsSpan(_count));
                _count += buffer.Length;
                return ValueTask.CompletedTask;
            }
        }

        return WriteThroughAsync(buffer, cancellationToken);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) =>
        _held is null ? inner.FlushAsync(cancellationToken) : Task.CompletedTask;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        inner.ReadAsync(buffer, cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        inner.ReadAsync(buffer, offset, count, cancellationToken);

    public override void Flush() => inner.Flush();

    public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask WriteThroughAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            ReadOnlyMemory<byte> held;
            lock (_lock)
            {
                held = _held.AsMemory(0, _count);
                _count = 0;
            }

            if (held.Length > 0)
            {
                await inner.WriteAsync(held, cancellationToken);
            }

            // In pieces, since the server copies what is written before it waits for the peer.
            for (int at = 0; at < buffer.Length; at += HeldBytes)
            {
                await inner.WriteAsync(buffer.Slice(at, Math.Min(HeldBytes, buffer.Length - at)), cancellationToken);
            }
        }
        finally
        {
            _turn.Release();
        }
    }
}
