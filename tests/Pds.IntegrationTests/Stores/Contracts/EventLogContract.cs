using Pds.Application.Accounts;
using Pds.Application.Sync;
using Pds.Domain.Accounts;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;
using Pds.Domain.Sync;

namespace Pds.IntegrationTests.Stores.Contracts;

internal abstract class EventLogContract : StoreContract
{
    private readonly CancellationToken _never = CancellationToken.None;

    private IEventLog Log => Store<IEventLog>(1);

    [Test]
    public async Task Read_WhenTwoWritersAnnounce_IsOneSequenceInTheOrderOfTheCommits()
    {
        Did[] dids = [(await CreateAccountAsync()).Did, (await CreateAccountAsync()).Did];
        long before = Log.LastSeq;

        await RaceAsync(async writer =>
        {
            for (int i = 0; i < 30; i++)
            {
                await WriteAsync(writer, dids[i % 2], Create($"w{writer}-{i}", i));
            }
        });

        List<EventMessage> messages = await ReadAsync(before);
        Assert.That(messages.Select(message => message.Seq), Is.EqualTo(Enumerable.Range(1, 60).Select(i => before + i)));
        foreach (IGrouping<Did, EventMessage> repository in messages.GroupBy(message => message.Event.Did))
        {
            CommitClaim[] claims = [.. repository.Select(message => ((CommitEvent)message.Event).Claim)];
            Assert.That(claims, Has.Length.EqualTo(30));
            Assert.That(claims.Skip(1).Zip(claims, (later, earlier) => later.Since == earlier.Rev && later.Rev > earlier.Rev), Is.All.True);
        }
    }

    [Test]
    public async Task Read_WhateverTheBytesAllowed_GivesTheSameFrames()
    {
        long before = Log.LastSeq;
        Did did = (await CreateAccountAsync()).Did;
        await WriteAsync(0, did, Create("a"));
        IReadOnlyList<SequencedFrame> all = (await Log.ReadAsync(before, int.MaxValue, _never)).Frames;
        int largest = all.Max(frame => frame.Frame.Length);
        List<SequencedFrame> paged = [];

        for (long after = before; after < all[^1].Seq; after = paged[^1].Seq)
        {
            EventPage page = await Log.ReadAsync(after, largest, _never);
            Assert.That(page.Frames.Sum(frame => frame.Frame.Length), Is.InRange(1, largest));
            paged.AddRange(page.Frames);
        }

        EventPage none = await Log.ReadAsync(before, all[0].Frame.Length - 1, _never);
        Assert.That(paged.Select(Text), Is.EqualTo(all.Select(Text)));
        Assert.That((none.Frames.Count, none.NeededBytes), Is.EqualTo((0, all[0].Frame.Length)));
        Assert.That((await Log.ReadAsync(Log.LastSeq, int.MaxValue, _never)).Frames, Is.Empty);
    }

    [Test]
    public async Task Read_ByEveryNode_GivesTheSameBytes()
    {
        long before = Log.LastSeq;
        Did did = (await CreateAccountAsync()).Did;
        await WriteAsync(0, did, Create("a"), Create("b"));

        List<string[]> read = [];
        for (int node = 0; node < 2; node++)
        {
            read.Add([.. (await Store<IEventLog>(node).ReadAsync(before, int.MaxValue, _never)).Frames.Select(Text)]);
        }

        Assert.That(read[0], Has.Length.EqualTo(5));
        Assert.That(read[1], Is.EqualTo(read[0]));
    }

    [Test]
    public async Task Wait_WhenAnEventComes_Completes()
    {
        Did did = (await CreateAccountAsync()).Did;
        Task waiting = Log.WaitAsync(Log.LastSeq, _never).AsTask();

        bool early = waiting.IsCompleted;
        await WriteAsync(0, did, Create("a"));
        await waiting.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.That(early, Is.False);
    }

    // Pitfall C 54.
    [Test]
    public async Task Read_WhenAnAccountIsDeleted_HasOnlyItsLastWord()
    {
        long before = Log.LastSeq;
        Did gone = (await CreateAccountAsync()).Did;
        Did stays = (await CreateAccountAsync()).Did;
        await WriteAsync(0, gone, Create("a"));
        await WriteAsync(1, stays, Create("a"));

        await Store<IAccountStore>().DeleteAsync(gone, _ => null, _never);

        List<EventMessage> messages = await ReadAsync(before);
        Assert.That(messages.Where(message => message.Event.Did == gone).Select(message => message.Event), Is.EqualTo(new[] { new AccountEvent(gone, AccountStatus.Deleted) }));
        Assert.That(messages.Count(message => message.Event.Did == stays), Is.EqualTo(5));
        Assert.That(messages[^1].Seq, Is.EqualTo(before + 11));
    }

    [Test]
    public async Task FindFirstSince_BeforeAndAfterEverything_IsTheFirstAndPastTheLast()
    {
        await CreateAccountAsync();

        long first = await Log.FindFirstSinceAsync(DateTimeOffset.UnixEpoch, _never);
        long past = await Log.FindFirstSinceAsync(DateTimeOffset.UnixEpoch.AddYears(1000), _never);

        Assert.That((await Log.ReadAsync(0, int.MaxValue, _never)).Frames[0].Seq, Is.EqualTo(first));
        Assert.That(past, Is.EqualTo(Log.LastSeq + 1));
    }

    private static string Text(SequencedFrame frame) => $"{frame.Seq} {Convert.ToHexString(frame.Frame.Span)}";

    private async Task<List<EventMessage>> ReadAsync(long after) =>
        [.. (await Log.ReadAsync(after, int.MaxValue, _never)).Frames.Select(frame => (EventMessage)EventFrame.Decode(frame.Frame))];
}
