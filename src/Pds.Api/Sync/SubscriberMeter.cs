using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Pds.Api.Sync;

/// <summary>Measures the event streams, under the meter <c>Pds</c>.</summary>
internal sealed class SubscriberMeter
{
    private const string MeterName = "Pds";

    private readonly UpDownCounter<long> _subscribers;
    private readonly Counter<long> _frames;
    private readonly Counter<long> _bytes;
    private readonly Counter<long> _drops;

    public SubscriberMeter(IMeterFactory meters)
    {
        Meter meter = meters.Create(MeterName);
        _subscribers = meter.CreateUpDownCounter<long>("pds.stream.subscribers", "{subscriber}", "Open event streams.");
        _frames = meter.CreateCounter<long>("pds.stream.frames", "{frame}", "Messages sent to subscribers.");
        _bytes = meter.CreateCounter<long>("pds.stream.bytes", "By", "Bytes sent to subscribers, without framing.");
        _drops = meter.CreateCounter<long>("pds.stream.lag_drops", "{subscriber}", "Subscribers cut off because they did not keep up.");
    }

    /// <summary>Notes that a stream was opened (1) or ended (-1).</summary>
    public void Count(int change, in TagList stream) => _subscribers.Add(change, stream);

    public void Sent(int bytes, in TagList stream)
    {
        if (_frames.Enabled || _bytes.Enabled)
        {
            _frames.Add(1, stream);
            _bytes.Add(bytes, stream);
        }
    }

    public void Dropped(in TagList stream) => _drops.Add(1, stream);
}
