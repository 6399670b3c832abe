using Pds.Application.Sync;
using Pds.Domain.Repositories;
using Pds.Domain.Sync;

namespace Pds.UnitTests.Sync;

internal sealed class JetstreamFeedTests
{
    [Test]
    public void Read_OfManyLargeEvents_KeepsAFewOfTheirMessages()
    {
        var feed = new JetstreamFeed();
        RepositoryChange change = Given.NewRepository().Apply([RecordWrite.Create(Given.Path("a"), Given.PostOfSize(200_000))]);
        var clock = default(JetstreamClock);
        long most = 0;

        for (int seq = 1; seq <= 600; seq++)
        {
            feed.Read(new SequencedFrame(seq, EventFrame.Encode(new CommitEvent(change), seq, DateTimeOffset.UnixEpoch.AddSeconds(seq))), ref clock);
            most = Math.Max(most, feed.KeptBytes);
        }

        RepositoryChange small = Given.NewRepository().Apply([RecordWrite.Create(Given.Path("a"), Given.Post())]);
        for (int seq = 601; seq <= 1200; seq++)
        {
            feed.Read(new SequencedFrame(seq, EventFrame.Encode(new CommitEvent(small), seq, DateTimeOffset.UnixEpoch.AddSeconds(seq))), ref clock);
        }

        Assert.That(most, Is.InRange(4 * 1024 * 1024, 8 * 1024 * 1024));
        Assert.That(feed.KeptBytes, Is.InRange(1, 1024 * 1024), "what was replaced does not count");
    }

    [Test]
    public void Read_OfAnEventAgain_GivesTheSameMessages()
    {
        var feed = new JetstreamFeed();
        RepositoryChange change = Given.NewRepository().Apply([RecordWrite.Create(Given.Path("a"), Given.Post())]);
        var frame = new SequencedFrame(1, EventFrame.Encode(new CommitEvent(change), 1, DateTimeOffset.UnixEpoch));
        var clock = default(JetstreamClock);
        var again = default(JetstreamClock);

        IReadOnlyList<JetstreamMessage> first = feed.Read(frame, ref clock);

        Assert.That(feed.Read(frame, ref again), Is.SameAs(first));
        Assert.That(again, Is.EqualTo(clock));
    }
}
