using Pds.Application.Capacity;
using Pds.Domain.Errors;

namespace Pds.Api.Xrpc;

/// <summary>A request body that must come at a least pace, whatever server it comes through.</summary>
internal sealed class PacedBody : Stream
{
    private readonly Stream _source;
    private readonly Pace _pace;
    private readonly TimeProvider _time;
    private readonly Deadline _deadline;

    /// <param name="source">The body; not disposed of.</param>
    /// <param name="bytesPerSecond">The least pace; 0 for none.</param>
    /// <param name="time">Measures it.</param>
    /// <param name="client">Cancelled when the client is gone.</param>
    public PacedBody(Stream source, int bytesPerSecond, TimeProvider time, CancellationToken client)
    {
        _source = source;
        _pace = new Pace(bytesPerSecond);
        _time = time;
        _deadline = new Deadline(time, client);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <exception cref="XrpcException">RequestTimeout: the sender is too slow.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        long began = _time.GetTimestamp();
        _deadline.Restart(_pace.Left);
        int count;
        try
        {
            count = await _source.ReadAsync(buffer, _deadline.Token);
        }
        catch (OperationCanceledException) when (!_deadline.Client.IsCancellationRequested)
        {
            throw new XrpcException(RequestErrors.RequestTimeout, "The request body came too slowly.");
        }

        _deadline.Restart(Timeout.InfiniteTimeSpan);
        _pace.Add(count, _time.GetElapsedTime(began));
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Bodies are read asynchronously.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _deadline.Dispose();
        }

        base.Dispose(disposing);
    }
}
