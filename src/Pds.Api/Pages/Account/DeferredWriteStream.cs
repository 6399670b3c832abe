using System.Buffers;

namespace Pds.Api.Pages.Account;

/// <summary>Keeps what is written synchronously until something is written asynchronously.</summary>
/// <remarks>
/// <see cref="System.IO.Compression.ZipArchive"/> writes the few bytes behind each file synchronously, whatever one calls; on the body of an answer that
/// would hold a thread for as long as a slow reader likes, so it is forbidden there.
/// </remarks>
internal sealed class DeferredWriteStream(Stream inner) : Stream
{
    private readonly ArrayBufferWriter<byte> _kept = new();

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer) => _kept.Write(buffer);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await PassOnAsync(cancellationToken);
        await inner.WriteAsync(buffer, cancellationToken);
    }

    public override void Flush()
    {
    }

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        await PassOnAsync(cancellationToken);
        await inner.FlushAsync(cancellationToken);
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private async ValueTask PassOnAsync(CancellationToken cancellationToken)
    {
        if (_kept.WrittenCount > 0)
        {
            await inner.WriteAsync(_kept.WrittenMemory, cancellationToken);
            _kept.ResetWrittenCount();
        }
    }
}
