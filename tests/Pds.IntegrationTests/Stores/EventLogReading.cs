using Pds.Application.Sync;
using Pds.Infrastructure.Sync;

namespace Pds.IntegrationTests.Stores;

/// <summary>Reads without a bound.</summary>
internal static class EventLogReading
{
    public static async Task<IReadOnlyList<SequencedFrame>> ReadAsync(this EventLog events, long after, CancellationToken cancellationToken) =>
        (await events.ReadAsync(after, int.MaxValue, cancellationToken)).Frames;
}
