using MediatR;
using Pds.Application.Pipeline;
using Pds.Application.Settings;

namespace Pds.Application.Sync;

/// <summary>Finds where a new subscriber of the JSON stream starts.</summary>
/// <param name="Cursor">
/// Microseconds since the Unix epoch: messages with that time or a later one are sent, those that are still kept.
/// <see langword="null"/>, or a time in the future, to hear only what is new.
/// </param>
public sealed record SubscribeJetstreamQuery(long? Cursor) : IQuery<JetstreamStart>, IAnonymousRequest
{
    /// <summary>The last sequence number when the subscriber connected; <see langword="null"/> when it connects now.</summary>
    public long? Head { get; init; }
}

/// <summary>Where a subscription starts.</summary>
/// <param name="After">Events with greater sequence numbers are read; it is where a millisecond starts, as <see cref="JetstreamClock"/> needs it.</param>
/// <param name="SendAfter">Events with greater sequence numbers are sent.</param>
/// <param name="SendFrom">Messages of that time or later are sent.</param>
public sealed record JetstreamStart(long After, long SendAfter, long SendFrom);

internal sealed class SubscribeJetstreamHandler(IEventLog log, FirehoseSettings options, TimeProvider time) : IRequestHandler<SubscribeJetstreamQuery, JetstreamStart>
{
    private const long TicksPerMicrosecond = TimeSpan.TicksPerMicrosecond;

    /// <summary>Events that come in now carry no earlier time, unless the clock was set back.</summary>
    private static readonly TimeSpan Recent = TimeSpan.FromSeconds(1);

    public async Task<JetstreamStart> Handle(SubscribeJetstreamQuery request, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        long last = request.Head ?? log.LastSeq;
        long nowUs = (now.UtcTicks - DateTime.UnixEpoch.Ticks) / TicksPerMicrosecond;
        if (request.Cursor is not { } cursor || cursor > nowUs)
        {
            return new JetstreamStart(Math.Min(last, await FindBeforeAsync(now - Recent, cancellationToken)), last, SendFrom: 0);
        }

        DateTimeOffset oldest = now - options.BackfillWindow;
        DateTimeOffset asked = DateTimeOffset.UnixEpoch.AddTicks(Math.Max(0, cursor) * TicksPerMicrosecond);
        return new JetstreamStart(await FindBeforeAsync(asked > oldest ? asked : oldest, cancellationToken), SendAfter: 0, cursor);
    }

    /// <summary>The last sequence number before the millisecond of a time.</summary>
    private async ValueTask<long> FindBeforeAsync(DateTimeOffset from, CancellationToken cancellationToken) =>
        await log.FindFirstSinceAsync(DateTimeOffset.FromUnixTimeMilliseconds(from.ToUnixTimeMilliseconds()), cancellationToken) - 1;
}
