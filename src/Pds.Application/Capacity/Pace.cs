namespace Pds.Application.Capacity;

/// <summary>Whether somebody sends as many bytes as the least pace asks for. Only the time spent waiting for bytes counts.</summary>
/// <param name="bytesPerSecond">The least pace; 0 for none.</param>
public sealed class Pace(int bytesPerSecond)
{
    /// <summary>The pace is measured over such periods, so that a pause is no fault.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(15);

    private readonly long _least = (long)(bytesPerSecond * Window.TotalSeconds);
    private TimeSpan _left = Window;
    private long _bytes;

    /// <summary>How much longer the bytes of this period may take; <see cref="Timeout.InfiniteTimeSpan"/> without a least pace, 0 when the time is over.</summary>
    public TimeSpan Left => bytesPerSecond == 0 ? Timeout.InfiniteTimeSpan : _left > TimeSpan.Zero ? _left : TimeSpan.Zero;

    /// <summary>Takes note of bytes that came.</summary>
    /// <param name="bytes">How many.</param>
    /// <param name="waited">How long they took.</param>
    public void Add(int bytes, TimeSpan waited)
    {
        _left -= waited;
        _bytes += bytes;
        if (_bytes >= _least)
        {
            _left = Window;
            _bytes = 0;
        }
    }
}
