using System.Text;
using DomainAlone;
using Pds.Domain.Accounts;
using Pds.Domain.Crypto;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;
using Pds.Domain.Identity;
using Pds.Domain.Repositories;
using Pds.Domain.Sync;
using Pds.UnitTests.Crypto;
using Pds.UnitTests.Fakes;

namespace Pds.UnitTests.Samples;

/// <summary>The sample does what docs/domain.md says.</summary>
internal sealed class DomainAloneTests
{
    private const string Note = """
        {"lexicon":1,"id":"com.example.note","defs":{"main":{"type":"record","key":"tid","record":
          {"type":"object","required":["text"],"properties":{"text":{"type":"string","maxLength":5}}}}}}
        """;

    private static readonly Tid Rev = Tid.Parse("3jzfcijpj2z2a");

    [TestCase("at://did:plc:ewvi7nxzyoun6zhxrhs64oiz/app.bsky.feed.post/3jzfcijpj2z2a", "post 3jzfcijpj2z2a of the account did:plc:ewvi7nxzyoun6zhxrhs64oiz, whose DID is of the method plc")]
    [TestCase("at://alice.test", "the account that is known as alice.test")]
    [TestCase("https://alice.test", "That is not an AT-URI.")]
    public void Describe_AnAtUri_SaysWhatItNames(string text, string said) => Assert.That(Names.Describe(text), Is.EqualTo(said));

    [Test]
    public void Make_OfEitherCurve_SignsWhatTheVerifierTakes([Values] KeyCurve curve)
    {
        ISigner signer = Keys.Make(curve);
        byte[] signature = new byte[ISigner.SignatureLength];

        signer.Sign("a message"u8, signature);

        Assert.That(Keys.Verifier.Verify(signer.PublicKey, "a message"u8, signature), Is.True);
        Assert.That(Keys.Verifier.Verify(signer.PublicKey, "another"u8, signature), Is.False);
    }

    [Test]
    public void Save_WithoutOptions_WritesTexts()
    {
        var profile = new Profile(Given.Did(), Handle.Parse("alice.test"), PinnedPost: null);

        string json = Names.Save(profile, new Dictionary<Did, Tid> { [Given.Did()] = Rev });

        Assert.That(json, Is.EqualTo(
            $$$"""{"profile":{"Did":"{{{Given.DidText}}}","Handle":"alice.test","PinnedPost":null},"lastSeen":{"{{{Given.DidText}}}":"3jzfcijpj2z2a"}}"""));
        Assert.That(Names.TimeOf(RecordKey.From(Rev))?.Year, Is.EqualTo(2023));
        Assert.That(Names.TimeOf(RecordKey.Parse("self")), Is.Null);
    }

    [Test]
    public async Task Archive_WrittenAndVerified_HasTheRecords()
    {
        var records = new Dictionary<RecordPath, DataMap> { [Given.Path("b")] = Given.Post("b"), [Given.Path("a")] = Given.Post("a"), [Given.Path("c", "com.example.other")] = Given.Post() };
        using var car = new MemoryStream();

        await Archives.WriteAsync(car, Given.Did(), records, GivenKeys.Rotation(), CancellationToken.None);
        car.Position = 0;
        IReadOnlyList<DataMap> posts = await Archives.VerifyAsync(car, Document(), Nsid.Parse("app.bsky.feed.post"), GivenKeys.Verifier, CancellationToken.None);

        Assert.That(posts, Is.EqualTo(new[] { Given.Post("a"), Given.Post("b") }));
    }

    [Test]
    public async Task Follower_WhenEventsAreGood_KnowsTheHeads()
    {
        (Follower follower, Repository repository) = Start();

        repository = await Step(follower, repository, 1, RecordWrite.Create(Given.Path("a"), Given.Post()));
        repository = await Step(follower, repository, 2, RecordWrite.Update(Given.Path("a"), Given.Post("other")));
        await follower.TakeAsync(new UnknownMessage(1, "#future"), CancellationToken.None);
        await follower.TakeAsync(new InfoMessage("OutdatedCursor", null), CancellationToken.None);

        Assert.That((follower.Cursor, follower.Heads[Given.Did()].Cid, follower.OutOfStep.Count), Is.EqualTo((2L, repository.Head!.Cid, 0)));
        await follower.TakeAsync(Message(3, new AccountEvent(Given.Did(), AccountStatus.Deactivated)), CancellationToken.None);
        Assert.That(follower.Heads, Is.Empty);
    }

    [Test]
    public async Task Follower_WhenACommitIsMissed_IsOutOfStepUntilTheSync()
    {
        (Follower follower, Repository repository) = Start();
        repository = await Step(follower, repository, 1, RecordWrite.Create(Given.Path("a"), Given.Post()));
        Commit known = repository.Head!;
        repository = repository.Advance(repository.Apply([RecordWrite.Create(Given.Path("missed"), Given.Post())]));

        repository = await Step(follower, repository, 3, RecordWrite.Create(Given.Path("b"), Given.Post()));

        Assert.That((follower.Heads[Given.Did()].Cid, follower.OutOfStep), Is.EqualTo((known.Cid, new HashSet<Did> { Given.Did() })));
        await follower.TakeAsync(Message(4, new SyncEvent(repository.Head!)), CancellationToken.None);
        Assert.That(follower.Heads[Given.Did()].Cid, Is.EqualTo(repository.Head!.Cid));
    }

    [Test]
    public async Task Follower_WhenTheCommitIsForgedOrOfTheFuture_IsOutOfStep()
    {
        (Follower forged, Repository repository) = Start();
        RepositoryChange change = repository.Apply([RecordWrite.Create(Given.Path("a"), Given.Post())]);
        (Follower early, _) = Start(new ManualTime());

        await forged.TakeAsync(Message(1, new CommitEvent(CommitClaim.Of(change) with { Ops = [] })), CancellationToken.None);
        await early.TakeAsync(Message(1, new CommitEvent(new Repository(Given.Did(), null, Domain.Repositories.Mst.MstTree.Empty, GivenKeys.Rotation(), new TidClock(Later(), 1)).Apply([]))), CancellationToken.None);

        Assert.That((forged.Heads.Count, forged.OutOfStep.Count), Is.EqualTo((0, 1)));
        Assert.That((early.Heads.Count, early.OutOfStep.Count), Is.EqualTo((0, 1)));
        Assert.That(() => forged.TakeAsync(new ErrorMessage("ConsumerTooSlow", null), CancellationToken.None), Throws.InvalidOperationException);
    }

    [TestCase("""{"$type":"com.example.note","text":"hello"}""", "3jzfcijpj2z2a", null)]
    [TestCase("""{"$type":"com.example.note","text":"hello!"}""", "3jzfcijpj2z2a", "record.text")]
    [TestCase("""{"$type":"com.example.note","text":"hello"}""", "self", "rkey must be a TID")]
    [TestCase("""{"$type":"com.example.note","text":1.5}""", "3jzfcijpj2z2a", "integer")]
    [TestCase("""{"$type":"com.example.other"}""", "3jzfcijpj2z2a", "no lexicon")]
    public void Check_ARecord_SaysWhatIsWrong(string json, string key, string? fault)
    {
        var records = new Records([Encoding.UTF8.GetBytes(Note)]);

        string? found = records.Check(Encoding.UTF8.GetBytes(json), RecordKey.Parse(key));

        Assert.That(found, fault is null ? Is.Null : Does.Contain(fault));
    }

    private static (Follower Follower, Repository Repository) Start(TimeProvider? time = null)
    {
        ManualTime now = new();
        return (
            new Follower((_, _) => new(Document()), GivenKeys.Verifier, time ?? now),
            new Repository(Given.Did(), null, Domain.Repositories.Mst.MstTree.Empty, GivenKeys.Rotation(), new TidClock(now, 1)));
    }

    private static ManualTime Later()
    {
        ManualTime later = new();
        later.Advance(TimeSpan.FromMinutes(6));
        return later;
    }

    private static async Task<Repository> Step(Follower follower, Repository repository, long seq, RecordWrite write)
    {
        RepositoryChange change = repository.Apply([write]);
        await follower.TakeAsync(Message(seq, new CommitEvent(change)), CancellationToken.None);
        return repository.Advance(change);
    }

    /// <summary>As it comes from the network.</summary>
    private static StreamMessage Message(long seq, RepoEvent repoEvent) => EventFrame.Decode(EventFrame.Encode(repoEvent, seq, DateTimeOffset.UnixEpoch));

    private static DidDocument Document() => DidDocument.Parse(Given.Did(), Encoding.UTF8.GetBytes(
        $$"""{"id":"{{Given.DidText}}","verificationMethod":[{"id":"#atproto","type":"Multikey","controller":"{{Given.DidText}}","publicKeyMultibase":"{{GivenKeys.Rotation().PublicKey.ToMultikey()}}"}]}"""));
}
