using System.Net.Sockets;
using Pds.Application.Capacity;
using Pds.Application.Settings;

namespace Pds.Infrastructure.Proxying;

/// <summary>The body of an answer, read as fast as the client takes it; ends when it stands still, comes too slowly or grows too large.</summary>
internal sealed class UpstreamBody(Stream source, HttpResponseMessage response, Deadline deadline, ProxyingSettings settings, int minRate, TimeProvider time)
    : PacedStream(source, minRate, deadline, time)
{
    private long _read;

    protected override TimeSpan MaxPause => settings.BodyTimeout;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int count = await base.ReadAsync(buffer, cancellationToken);
        _read += count;
        return _read > settings.MaxResponseSize ? throw ServiceClient.Unreachable() : count;
    }

    protected override Exception TooSlow() => ServiceClient.Unreachable();

    protected override Exception? Explain(Exception fault) => fault is HttpRequestException or IOException or SocketException ? ServiceClient.Unreachable() : null;

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            response.Dispose();
        }

        base.Dispose(disposing);
    }
}
