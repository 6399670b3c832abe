using System.Buffers;
using System.Net;
using Pds.Application.Proxying;

namespace Pds.Infrastructure.Proxying;

/// <summary>The body of a request, copied piece by piece from the client to the service.</summary>
internal sealed class CallContent : HttpContent
{
    private const int BufferSize = 16 * 1024;

    private readonly ServiceCallBody _body;
    private readonly Action _progressed;

    public CallContent(ServiceCallBody body, Action progressed)
    {
        _body = body;
        _progressed = progressed;
        foreach ((string name, string value) in body.Headers)
        {
            Headers.TryAddWithoutValidation(name, value);
        }
    }

    /// <summary>What the client's side failed with; the service is not to blame for it.</summary>
    public Exception? SourceFault { get; private set; }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            int read;
            while ((read = await ReadAsync(buffer, cancellationToken)) > 0)
            {
                await stream.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                _progressed();
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _body.Length ?? 0;
        return _body.Length is not null;
    }

    private async ValueTask<int> ReadAsync(byte[] buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await _body.Content.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            SourceFault = e;
            throw;
        }
    }
}
