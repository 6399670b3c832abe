using Pds.Application.Sync;
using Pds.Infrastructure.Persistence;

namespace Pds.Infrastructure.Sync;

/// <summary>Publishes the events of each transaction once it is durable.</summary>
internal sealed class EventPublisher(EventLog events, ICrawlNotifier crawlers)
{
    /// <summary>What the write queue calls.</summary>
    public WriteFollower Follower => new(OnOpened, OnCommitted);

    /// <summary>A transaction whose end failed may have been kept after all; its events are in the database only.</summary>
    private void OnOpened(WriteTransaction transaction) => events.MoveTo(transaction.Part<EventWriter>().ReadLastSeq());

    private void OnCommitted(WriteTransaction transaction)
    {
        IReadOnlyList<Event> written = transaction.Part<EventWriter>().Written;
        if (written.Count > 0)
        {
            events.Publish(written);
            crawlers.Notify();
        }
    }
}
