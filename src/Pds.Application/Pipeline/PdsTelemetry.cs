using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Pds.Application.Pipeline;

/// <summary>Where spans and measurements of this server come from; both sources are called <c>Pds</c>.</summary>
internal sealed class PdsTelemetry : IDisposable
{
    /// <summary>Name of the activity source and of the meter.</summary>
    public const string SourceName = "Pds";

    private readonly Meter _meter;
    private readonly Histogram<double> _duration;

    public PdsTelemetry(IMeterFactory meters)
    {
        _meter = meters.Create(SourceName);
        _duration = _meter.CreateHistogram<double>("pds.request.duration", "s", "Time from the first behavior to the answer of the handler.");
    }

    public ActivitySource Activities { get; } = new(SourceName);

    /// <summary>Whether anybody listens, so that nothing is measured in vain.</summary>
    public bool IsObserved => _duration.Enabled || Activities.HasListeners();

    public void Record(string message, string outcome, TimeSpan duration) =>
        _duration.Record(duration.TotalSeconds, new("pds.message", message), new("pds.outcome", outcome));

    public void Dispose()
    {
        Activities.Dispose();
        _meter.Dispose();
    }
}
