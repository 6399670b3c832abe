namespace Pds.Application.Capacity;

/// <summary>Bytes that somebody else sends, which must come at a least pace. It is read once, asynchronously, from its beginning to its end.</summary>
public abstract class PacedStream : Stream
{
    private readonly Stream _source;
    private readonly Pace _pace;
    private readonly Deadline _deadline;
    private readonly TimeProvider _time;

    /// <summary>Reads from a stream that is not disposed of.</summary>
    /// <param name="source">The bytes.</param>
    /// <param name="bytesPerSecond">The least pace; 0 for none.</param>
    /// <param name="deadline">Ends a read that takes too long; disposed of with this stream.</param>
    /// <param name="time">Measures the pace.</param>
    protected PacedStream(Stream source, int bytesPerSecond, Deadline deadline, TimeProvider time)
    {
        _source = source;
        _pace = new Pace(bytesPerSecond);
        _deadline = deadline;
        _time = time;
    }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>The longest time that one read may take, whatever the pace. Default: no bound.</summary>
    protected virtual TimeSpan MaxPause => Timeout.InfiniteTimeSpan;

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using CancellationTokenRegistration asked =
            cancellationToken == _deadline.Client ? default : cancellationToken.UnsafeRegister(static deadline => ((Deadline)deadline!).Cancel(), _deadline);
        long began = _time.GetTimestamp();
        _deadline.Restart(Shorter(_pace.Left, MaxPause));
        int count;
        try
        {
            count = await _source.ReadAsync(buffer, _deadline.Token);
        }
        catch (Exception fault) when (Translate(fault, cancellationToken) is not null)
        {
            throw Translate(fault, cancellationToken)!;
        }

        _deadline.Restart(Timeout.InfiniteTimeSpan);    // how long the reader takes is not the sender's fault
        _pace.Add(count, _time.GetElapsedTime(began));
        return count;
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>Not supported: bodies are read asynchronously.</summary>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Bodies are read asynchronously.");

    /// <summary>Does nothing: there is nothing to write.</summary>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <summary>What a reader is told when the sender is too slow.</summary>
    protected abstract Exception TooSlow();

    /// <summary>What a reader is told of a fault of the source. Default: the fault itself.</summary>
    /// <returns><see langword="null"/> for the fault itself.</returns>
    protected virtual Exception? Explain(Exception fault) => null;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _deadline.Dispose();
        }

        base.Dispose(disposing);
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) =>
        one == Timeout.InfiniteTimeSpan || (other != Timeout.InfiniteTimeSpan && other < one) ? other : one;

    private Exception? Translate(Exception fault, CancellationToken asked) =>
        fault is not OperationCanceledException ? Explain(fault)
        : _deadline.Client.IsCancellationRequested || asked.IsCancellationRequested ? null
        : TooSlow();
}
