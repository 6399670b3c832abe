using System.IO.Compression;
using Microsoft.AspNetCore.Connections;
using Pds.Domain.Errors;

namespace Pds.Api.Xrpc;

/// <summary>A request body as the client meant it: content encodings undone, and refused once it passes its limit.</summary>
internal sealed class XrpcBodyStream : Stream
{
    private const int MaxCodings = 2;

    private readonly Stream _decoded;
    private readonly bool _isCoded;
    private readonly long _limit;
    private readonly XrpcError _tooLarge;
    private long _read;

    private XrpcBodyStream(Stream decoded, bool isCoded, long limit, XrpcError tooLarge)
    {
        _decoded = decoded;
        _isCoded = isCoded;
        _limit = limit;
        _tooLarge = tooLarge;
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _read;
        set => throw new NotSupportedException();
    }

    /// <summary>Opens the body of a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="body">Its body, as it comes.</param>
    /// <param name="limit">Most bytes after decoding.</param>
    /// <param name="tooLarge">What to refuse more with.</param>
    /// <exception cref="XrpcException">UnsupportedMediaType for an unknown encoding or more than two; <paramref name="tooLarge"/> when the announced length is enough to tell.</exception>
    public static XrpcBodyStream Open(HttpRequest request, Stream body, long limit, XrpcError tooLarge)
    {
        string[] encodings = [.. request.Headers.ContentEncoding
            .SelectMany(line => (line ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .Where(encoding => !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))];
        if (encodings.Length > MaxCodings)
        {
            throw new XrpcException(RequestErrors.UnsupportedMediaType, "The body has too many content encodings; two at most are decoded.");
        }

        if (encodings.Length == 0 && request.ContentLength > limit)
        {
            throw TooLarge(tooLarge);
        }

        if (encodings.Length == 0)
        {
            return new XrpcBodyStream(body, isCoded: false, limit, tooLarge);
        }

        // What lies between two codings is bounded, too: a few bytes may become gigabytes of codes that stand for nothing.
        Stream decoded = body;
        for (int last = encodings.Length - 1; last > 0; last--)
        {
            decoded = new XrpcBodyStream(Decode(decoded, encodings[last], leaveOpen: decoded == body), isCoded: true, LimitOfCodes(limit), tooLarge);
        }

        return new XrpcBodyStream(Decode(decoded, encodings[0], leaveOpen: decoded == body), isCoded: true, limit, tooLarge);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int count;
        try
        {
            count = await _decoded.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception e) when (_isCoded && IsOfDecoder(e))
        {
            throw new XrpcException(RequestErrors.InvalidRequest, "The request body does not match its Content-Encoding.");
        }

        _read += count;
        return _read > _limit ? throw TooLarge(_tooLarge) : count;
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

    public override async ValueTask DisposeAsync()
    {
        await _decoded.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _decoded.Dispose();
        }

        base.Dispose(disposing);
    }

    private static Stream Decode(Stream encoded, string encoding, bool leaveOpen) => encoding.ToLowerInvariant() switch
    {
        "gzip" or "x-gzip" => new GZipStream(encoded, CompressionMode.Decompress, leaveOpen),
        "deflate" => new ZLibStream(encoded, CompressionMode.Decompress, leaveOpen),
        "br" => new BrotliStream(encoded, CompressionMode.Decompress, leaveOpen),
        _ => throw new XrpcException(RequestErrors.UnsupportedMediaType, "The Content-Encoding is not supported; gzip, deflate and br are."),
    };

    /// <summary>Codings make what they cannot shorten a little longer: by some bytes for each block, and for head and end.</summary>
    private static long LimitOfCodes(long limit) => (long)Math.Min(limit + (limit / 100m) + 1024, long.MaxValue);

    /// <summary>Decoders throw whatever suits them; what the client's connection fails with is something else.</summary>
    private static bool IsOfDecoder(Exception exception) =>
        exception is InvalidDataException or InvalidOperationException or (IOException and not (BadHttpRequestException or ConnectionResetException));

    private static XrpcException TooLarge(XrpcError error) => new(error, "request entity too large");
}
