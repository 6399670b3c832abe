using Pds.Application.Sync;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;
using Pds.Domain.Sync;
using Pds.Infrastructure.Persistence;
using Pds.Infrastructure.Sync;

namespace Pds.IntegrationTests.Stores;

internal sealed class EventLogTests
{
    [Test]
    public async Task Read_WhetherFromMemoryOrFromTheDatabase_GivesTheSameFrames()
    {
        await using StoreFixture fixture = await StoreFixture.StartAsync();
        Did did = await fixture.CreateRepositoryAsync();
        await WriteSomeAsync(fixture, did, 20);
        await using StoreFixture reopened = await fixture.ReopenAsync();

        IReadOnlyList<SequencedFrame> fromMemory = await fixture.Events.ReadAsync(5, default);
        IReadOnlyList<SequencedFrame> fromDatabase = await reopened.Events.ReadAsync(5, default);

        Assert.Multiple(() =>
        {
            Assert.That(fromMemory.Select(frame => frame.Seq), Is.EqualTo(Enumerable.Range(6, 16)));
            Assert.That(fromDatabase.Select(Text), Is.EqualTo(fromMemory.Select(Text)));
        });
    }

    [Test]
    public async Task Wait_WhenAnEventComes_Completes()
    {
        await using StoreFixture fixture = await StoreFixture.StartAsync();
        Did did = await fixture.CreateRepositoryAsync();
        Task waiting = fixture.Events.WaitAsync(1, default).AsTask();

        bool early = waiting.IsCompleted;
        await WriteSomeAsync(fixture, did, 1);
        await waiting;

        Assert.That(early, Is.False);
    }

    // Pitfall C 54.
    [Test]
    public async Task Purge_WithdrawsTheEventsOfOneAccountAndKeepsItsLastWord()
    {
        await using StoreFixture fixture = await StoreFixture.StartAsync();
        Did alice = await fixture.CreateRepositoryAsync();
        Did bob = await fixture.CreateRepositoryAsync("bob");
        await WriteSomeAsync(fixture, alice, 2);
        await WriteSomeAsync(fixture, bob, 2);

        await fixture.Queue.AppendAsync(new Purge(fixture.Scalar($"SELECT id FROM account WHERE did = '{alice}'"), alice));
        await WriteSomeAsync(fixture, bob, 1, from: 10);

        await using StoreFixture reopened = await fixture.ReopenAsync();
        Assert.Multiple(async () =>
        {
            Assert.That(await SeqsAsync(fixture), Is.EqualTo(new long[] { 2, 5, 6, 7, 8 }));
            Assert.That(await SeqsAsync(reopened), Is.EqualTo(new long[] { 2, 5, 6, 7, 8 }));
        });
    }

    [Test]
    public async Task Write_WhenOneEntryOfAGroupFails_LeavesNoGapInTheSequence()
    {
        await using StoreFixture fixture = await StoreFixture.StartAsync();
        Did did = await fixture.CreateRepositoryAsync();

        var entries = Enumerable.Range(0, 60).Select(i => new Announce(did, fail: i % 3 == 0)).ToList();
        foreach (Announce entry in entries)
        {
            await fixture.Queue.EnqueueAsync(entry);
        }

        foreach (Announce entry in entries)
        {
            await entry.Durable.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        Assert.Multiple(async () =>
        {
            Assert.That(entries.Select(entry => entry.Durable.IsFaulted), Is.EqualTo(entries.Select(entry => entry.Fails)));
            Assert.That(await SeqsAsync(fixture), Is.EqualTo(Enumerable.Range(1, 41)));
        });
    }

    [Test]
    public async Task FindFirstSince_FindsByTimeAndPastTheEnd()
    {
        var time = new SteppingTime();
        await using StoreFixture fixture = await StoreFixture.StartAsync(time: time);
        Did did = await fixture.CreateRepositoryAsync();
        var marks = new List<DateTimeOffset>();
        for (int i = 0; i < 9; i++)
        {
            time.Advance(TimeSpan.FromHours(1));
            marks.Add(time.GetUtcNow());
            await fixture.Queue.AppendAsync(new Announce(did, fail: false));
        }

        Assert.Multiple(async () =>
        {
            for (int i = 0; i < marks.Count; i++)
            {
                Assert.That(await fixture.Events.FindFirstSinceAsync(marks[i], default), Is.EqualTo(i + 2));
            }

            Assert.That(await fixture.Events.FindFirstSinceAsync(marks[0] - TimeSpan.FromDays(9), default), Is.EqualTo(1));
            Assert.That(await fixture.Events.FindFirstSinceAsync(time.GetUtcNow() + TimeSpan.FromMinutes(1), default), Is.EqualTo(11));
        });
    }

    private static string Text(SequencedFrame frame) => Convert.ToHexString(frame.Frame.Span);

    private static async Task<IEnumerable<long>> SeqsAsync(StoreFixture fixture) =>
        (await fixture.Events.ReadAsync(0, default)).Select(frame => frame.Seq);

    private static async Task WriteSomeAsync(StoreFixture fixture, Did did, int count, int from = 0)
    {
        for (int i = from; i < from + count; i++)
        {
            await fixture.WriteAsync(did, RecordWrite.Create(StoreFixture.PathOf(i), StoreFixture.Thing(i)));
        }
    }

    private sealed class SteppingTime : TimeProvider
    {
        private DateTimeOffset _now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => _now;

        public void Advance(TimeSpan by) => _now += by;
    }

    private sealed class Announce(Did did, bool fail) : QueuedWrite
    {
        public bool Fails => fail;

        public override int Weight => 0;

        public override void Write(WriteTransaction transaction)
        {
            transaction.Part<EventWriter>().Append(EventRow.NoAccount, new IdentityEvent(did, null));
            if (fail)
            {
                throw new InvalidOperationException("This entry fails.");
            }
        }
    }

    private sealed class Purge(long accountId, Did did) : QueuedWrite
    {
        public override int Weight => 0;

        public override void Write(WriteTransaction transaction)
        {
            transaction.Part<EventWriter>().Purge(accountId);
            transaction.Part<EventWriter>().Append(EventRow.NoAccount, new AccountEvent(did, Domain.Accounts.AccountStatus.Deleted));
        }
    }
}
