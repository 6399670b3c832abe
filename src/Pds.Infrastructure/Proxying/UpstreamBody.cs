using System.Net.Sockets;
using Pds.Application.Capacity;
using Pds.Application.DependencyInjection;

namespace Pds.Infrastructure.Proxying;

/// <summary>The body of an answer, read as fast as the client takes it; ends when it stands still, comes too slowly or grows too large.</summary>
internal sealed class UpstreamBody(Stream source, HttpResponseMessage response, Deadline deadline, PdsOptions options, TimeProvider time) : Stream
{
    private readonly Pace _pace = new(options.MinBodyRate);
    private long _read;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _read;
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        long began = time.GetTimestamp();
        deadline.Restart(_pace.Left == Timeout.InfiniteTimeSpan || _pace.Left > options.ProxyBodyTimeout ? options.ProxyBodyTimeout : _pace.Left);
        int count;
        try
        {
            count = await source.ReadAsync(buffer, deadline.Token);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException
            || (e is OperationCanceledException && !deadline.Client.IsCancellationRequested))
        {
            throw ServiceClient.Unreachable();
        }

        deadline.Restart(Timeout.InfiniteTimeSpan);    // the client's pace is not the service's fault
        _pace.Add(count, time.GetElapsedTime(began));
        _read += count;
        return _read > options.ProxyMaxResponseSize ? throw ServiceClient.Unreachable() : count;
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
            response.Dispose();
            deadline.Dispose();
        }

        base.Dispose(disposing);
    }
}
