namespace Pds.UnitTests.Fakes;

/// <summary>A body of single bytes, each of which takes a while by a clock of the test's.</summary>
/// <param name="time">The clock, which every read moves.</param>
/// <param name="each">How long a byte takes.</param>
internal sealed class DrippingStream(ManualTime time, TimeSpan each) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        time.Advance(each);
        cancellationToken.ThrowIfCancellationRequested();
        buffer.Span[0] = 1;
        return new(1);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
