using MediatR;
using Pds.Application.Pipeline;
using Pds.Application.Settings;
using Pds.Domain.Errors;
using Pds.Domain.Sync;

namespace Pds.Application.Sync;

/// <summary>Finds where a new subscriber of the firehose starts. Lexicon: <c>com.atproto.sync.subscribeRepos</c>.</summary>
/// <param name="Cursor">The last sequence number the subscriber has seen, a negative one to hear all that is kept; <see langword="null"/> to hear only what is new.</param>
public sealed record SubscribeReposQuery(long? Cursor) : IQuery<SubscriptionStart>, IAnonymousRequest
{
    /// <summary>The last sequence number when the subscriber connected; <see langword="null"/> when it connects now.</summary>
    public long? Head { get; init; }
}

/// <summary>Where a subscription starts.</summary>
/// <param name="After">Events with greater sequence numbers are sent.</param>
/// <param name="IsOutdated">Whether events after the subscriber's cursor are not kept any more, which it must be told first.</param>
public sealed record SubscriptionStart(long After, bool IsOutdated);

internal sealed class SubscribeReposHandler(IEventLog log, FirehoseSettings options, TimeProvider time)
    : IRequestHandler<SubscribeReposQuery, SubscriptionStart>
{
    public async Task<SubscriptionStart> Handle(SubscribeReposQuery request, CancellationToken cancellationToken)
    {
        long last = log.LastSeq;
        if (request.Cursor is not { } cursor)
        {
            return new SubscriptionStart(request.Head ?? last, IsOutdated: false);
        }

        if (cursor > last)
        {
            throw new XrpcException(SyncErrors.FutureCursor, "Cursor in the future.");
        }

        long first = await log.FindFirstSinceAsync(time.GetUtcNow() - options.BackfillWindow, cancellationToken);
        cursor = Math.Max(cursor, 0);     // before the first event is before the first event
        return cursor + 1 < first
            ? new SubscriptionStart(first - 1, IsOutdated: true)
            : new SubscriptionStart(cursor, IsOutdated: false);
    }
}
