using System.Text;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;
using Pds.Domain.Repositories.Car;
using Pds.Domain.Sync;

namespace Pds.UnitTests.Sync;

/// <summary>Messages as a consumer reads them: our own come back as they were, foreign ones are tolerated or refused.</summary>
internal sealed class EventFrameDecodeTests
{
    private static readonly DateTimeOffset Time = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);

    private static IEnumerable<TestCaseData> OwnMessages()
    {
        RepositoryChange change = Given.NewRepository().Apply([RecordWrite.Create(Given.Path("a"), Given.Post())]);
        Repository repository = Given.NewRepository().Advance(change);
        yield return Case("first commit", new EventMessage(1, Time, new CommitEvent(change)));
        yield return Case("commit", new EventMessage(2, Time, new CommitEvent(repository.Apply(
            [RecordWrite.Update(Given.Path("a"), Given.Post("other")), RecordWrite.Create(Given.Path("b"), Given.Post())]))));
        yield return Case("deletion", new EventMessage(3, Time, new CommitEvent(repository.Apply([RecordWrite.Delete(Given.Path("a"))]))));
        yield return Case("sync", new EventMessage(4, Time, new SyncEvent(change.Commit)));
        yield return Case("identity", new EventMessage(5, Time, new IdentityEvent(Given.Did(), Handle.Parse("alice.test"))));
        yield return Case("identity without handle", new EventMessage(6, Time, new IdentityEvent(Given.Did(), null)));
        yield return Case("active", new EventMessage(7, Time, new AccountEvent(Given.Did(), null)));
        yield return Case("deactivated", new EventMessage(8, Time, new AccountEvent(Given.Did(), Domain.Accounts.AccountStatus.Deactivated)));
        yield return Case("active and throttled", new EventMessage(9, Time, new AccountEvent(Given.Did(), IsActive: true, "throttled")));
        yield return Case("info", new InfoMessage("OutdatedCursor", "Old."));
        yield return Case("info without message", new InfoMessage("OutdatedCursor", null));
        yield return Case("error", new ErrorMessage("FutureCursor", "Cursor in the future."));
        yield return Case("error without message", new ErrorMessage("FutureCursor", null));

        static TestCaseData Case(string name, StreamMessage message) => new TestCaseData(message).SetName($"{nameof(Decode_WhenMessageIsOurs_EncodesToTheSameBytes)}({name})");
    }

    [TestCaseSource(nameof(OwnMessages))]
    public void Decode_WhenMessageIsOurs_EncodesToTheSameBytes(StreamMessage message)
    {
        byte[] frame = EventFrame.Encode(message);

        StreamMessage decoded = EventFrame.Decode(frame);

        Assert.That(decoded, Is.TypeOf(message.GetType()));
        Assert.That((decoded as EventMessage)?.Event, message is EventMessage { Event: var repoEvent } ? Is.TypeOf(repoEvent.GetType()) : Is.Null);
        Assert.That(EventFrame.Encode(decoded), Is.EqualTo(frame));
    }

    [Test]
    public void Decode_WhenCommitIsOurs_VerifiesAndSaysWhatWasDone()
    {
        Repository repository = Given.Repository(Given.Path("a"), Given.Path("b"));
        RepositoryChange change = repository.Apply([RecordWrite.Update(Given.Path("a"), Given.Post("other")), RecordWrite.Delete(Given.Path("b"))]);

        var message = (EventMessage)EventFrame.Decode(EventFrame.Encode(new CommitEvent(change), 42, Time));
        CommitClaim claim = ((CommitEvent)message.Event).Claim;
        Commit commit = CommitVerification.Verify(claim, Given.Signer().PublicKey, Given.Signer());

        Assert.Multiple(() =>
        {
            Assert.That((message.Seq, message.Time), Is.EqualTo((42L, Time)));
            Assert.That(commit.Cid, Is.EqualTo(change.Commit.Cid));
            Assert.That((claim.Since, claim.PrevData), Is.EqualTo(((Tid?)repository.Head!.Rev, (Cid?)repository.Head.Data)));
            Assert.That(claim.Ops, Is.EqualTo(change.Ops.Select(op => op with { Record = null })));
        });
    }

    [TestCase("""{"op":1,"t":"#future"}""", """{"anything":[1,2,{}]}""", 1, "#future")]
    [TestCase("""{"op":1,"t":"com.example.stream#thing"}""", "[]", 1, "com.example.stream#thing")]
    [TestCase("""{"op":1}""", "{}", 1, null)]
    [TestCase("""{"op":7,"t":"#commit"}""", "{}", 7, "#commit")]
    public void Decode_WhenKindIsUnknown_TellsSo(string header, string body, long op, string? type) =>
        Assert.That(EventFrame.Decode(Frame(header, body)), Is.EqualTo(new UnknownMessage(op, type)));

    [Test]
    public void Decode_WhenMembersAreUnknown_PassesOverThem()
    {
        byte[] frame = Frame(
            """{"op":1,"t":"#identity","v":2}""",
            $$$"""{"did":"{{{Given.DidText}}}","seq":9,"time":"2026-01-02T03:04:05.678Z","x":{"deep":[null,{"$bytes":"AAE"}]},"ops":"of another kind"}""");

        StreamMessage message = EventFrame.Decode(frame);

        Assert.That(message, Is.EqualTo(new EventMessage(9, Time, new IdentityEvent(Given.Did(), null))));
    }

    [TestCase("2026-01-02T03:04:05Z", "2026-01-02T03:04:05.000Z")]
    [TestCase("2026-01-02T04:04:05.678912345+01:00", "2026-01-02T03:04:05.678Z")]
    public void Decode_WhateverThePrecisionOfTheTime_IsTheInstant(string time, string shown)
    {
        byte[] frame = Frame("""{"op":1,"t":"#identity"}""", $$"""{"did":"{{Given.DidText}}","seq":9,"time":"{{time}}"}""");

        byte[] again = EventFrame.Encode(EventFrame.Decode(frame));

        Assert.That(DecodedFrame.Of(again).Body["time"], Is.EqualTo(shown));
    }

    [TestCase("""{"t":"#info"}""", """{"name":"x"}""", "no op")]
    [TestCase("""{"op":"1","t":"#info"}""", """{"name":"x"}""", "integer")]
    [TestCase("""{"op":1,"t":"#info"}""", """{"message":"x"}""", "no name")]
    [TestCase("""{"op":1,"t":"#info"}""", "[]", "map")]
    [TestCase("""{"op":-1}""", """{"message":"x"}""", "no error")]
    [TestCase("""{"op":1,"t":"#identity"}""", """{"did":"did:web:a.b","time":"2026-01-02T03:04:05Z"}""", "no seq")]
    [TestCase("""{"op":1,"t":"#identity"}""", """{"did":"did:web:a.b","seq":0,"time":"2026-01-02T03:04:05Z"}""", "at least 1")]
    [TestCase("""{"op":1,"t":"#identity"}""", """{"did":"did:web:a.b","seq":1}""", "no time")]
    [TestCase("""{"op":1,"t":"#identity"}""", """{"did":"did:web:a.b","seq":1,"time":"yesterday"}""", "datetime")]
    [TestCase("""{"op":1,"t":"#identity"}""", """{"did":"did:web:a.b","seq":1,"time":"2026-02-31T03:04:05Z"}""", "datetime")]
    [TestCase("""{"op":1,"t":"#identity"}""", """{"did":"alice","seq":1,"time":"2026-01-02T03:04:05Z"}""", "Did")]
    [TestCase("""{"op":1,"t":"#identity"}""", """{"did":"did:web:a.b","seq":1,"time":"2026-01-02T03:04:05Z","handle":"a b"}""", "Handle")]
    [TestCase("""{"op":1,"t":"#account"}""", """{"did":"did:web:a.b","seq":1,"time":"2026-01-02T03:04:05Z"}""", "no active")]
    [TestCase("""{"op":1,"t":"#account"}""", """{"did":"did:web:a.b","seq":1,"time":"2026-01-02T03:04:05Z","active":1}""", "boolean")]
    [TestCase("""{"op":1,"t":"#commit"}""", """{"tooBig":true}""", "leaves out")]
    [TestCase("""{"op":1,"t":"#commit"}""", """{"ops":[{"action":"move"}]}""", "none of")]
    [TestCase("""{"op":1,"t":"#commit"}""", """{"ops":[{"action":"create","cid":null}]}""", "no path")]
    [TestCase("""{"op":1,"t":"#commit"}""", """{"ops":[{"path":"a/b"}]}""", "RecordPath")]
    [TestCase("""{"op":1,"t":"#commit"}""", """{"ops":[]}""", "no repo")]
    public void Decode_WhenAMemberIsMissingOrNoGood_ThrowsFormatException(string header, string body, string message) =>
        Assert.That(() => EventFrame.Decode(Frame(header, body)), Throws.InstanceOf<FormatException>().With.Message.Contains(message));

    [Test]
    public void Decode_WhenCutOrFollowedByAnything_ThrowsFormatException()
    {
        byte[] frame = EventFrame.Encode(new SyncEvent(Given.NewRepository().Apply([]).Commit), 1, Time);

        Assert.That(() => EventFrame.Decode((byte[])[.. frame, 0]), Throws.InstanceOf<FormatException>());
        for (int length = 0; length < frame.Length; length++)
        {
            Assert.That(() => EventFrame.Decode(frame.AsMemory(0, length)), Throws.InstanceOf<FormatException>(), $"{length} bytes");
        }
    }

    [Test]
    public void Decode_WhenBeyondTheBoundsOfTheLexicon_ThrowsFormatException()
    {
        RepositoryChange change = Given.NewRepository().Apply([RecordWrite.Create(Given.Path("a"), Given.Post())]);
        CommitClaim claim = CommitClaim.Of(change);

        Refuses(Encoded(claim with { Ops = [.. Enumerable.Repeat(claim.Ops[0], RepositoryLimits.MaxWrites + 1)] }), "more than 200");
        Refuses(Encoded(claim with { Blocks = new byte[RepositoryLimits.MaxEventBlocksBytes + 1] }), "longer than 2000000");
        Refuses(new byte[EventFrame.MaxBytes + 1], "longer than 5000000");
        Assert.That(EventFrame.Decode(Encoded(claim with { Blocks = new byte[RepositoryLimits.MaxEventBlocksBytes] })), Is.InstanceOf<EventMessage>());

        static byte[] Encoded(CommitClaim claim) => EventFrame.Encode(new CommitEvent(claim), 1, Time);
        static void Refuses(byte[] frame, string message) =>
            Assert.That(() => EventFrame.Decode(frame), Throws.InstanceOf<FormatException>().With.Message.Contains(message));
    }

    [Test]
    public void Decode_WhenSyncIsOfAnotherCommitThanItSays_ThrowsFormatException()
    {
        Commit commit = Given.NewRepository().Apply([]).Commit;
        string blocks = Convert.ToBase64String(CarWriter.ToArray([commit.Cid], [new Block(commit.Cid, commit.Bytes)])).TrimEnd('=');
        string rootless = Convert.ToBase64String(CarWriter.ToArray([], [new Block(commit.Cid, commit.Bytes)])).TrimEnd('=');

        Assert.That(Sync(Given.DidText, $"{commit.Rev}", blocks), Is.InstanceOf<EventMessage>());
        Assert.That(() => Sync("did:web:other.example.com", $"{commit.Rev}", blocks), Throws.InstanceOf<EventFrameException>());
        Assert.That(() => Sync(Given.DidText, "2222222222222", blocks), Throws.InstanceOf<EventFrameException>());
        Assert.That(() => Sync(Given.DidText, $"{commit.Rev}", rootless), Throws.InstanceOf<EventFrameException>());

        static StreamMessage Sync(string did, string rev, string blocks) => EventFrame.Decode(Frame(
            """{"op":1,"t":"#sync"}""", $$$"""{"did":"{{{did}}}","rev":"{{{rev}}}","blocks":{"$bytes":"{{{blocks}}}"},"seq":1,"time":"2026-01-02T03:04:05Z"}"""));
    }

    [Test]
    public void Encode_WhenTheMessageIsUnknown_ThrowsArgumentException() =>
        Assert.That(() => EventFrame.Encode(new UnknownMessage(1, "#future")), Throws.ArgumentException);

    private static byte[] Frame(string header, string body) => [.. Cbor(header), .. Cbor(body)];

    private static byte[] Cbor(string json)
    {
        if (json == "[]")
        {
            return [0x80];
        }

        return DataMap.FromJson(Encoding.UTF8.GetBytes(json)).Cbor.ToArray();
    }
}
