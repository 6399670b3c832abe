using Pds.Application.Lexicons;
using Pds.Application.Repositories;
using Pds.Application.Settings;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;
using Pds.Domain.Lexicons;

namespace Pds.UnitTests.Lexicons;

/// <summary>Which lexicon a record is judged by.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class LexiconRecordsTests
{
    private readonly FakeLexicons _published = new();

    [Test]
    public async Task Validate_WhenTheLexiconIsBuiltIn_JudgesRecordAndKey()
    {
        RecordVerdict good = await ValidateAsync("app.bsky.actor.profile", "self", """{"displayName":"Alice"}""");
        RecordVerdict wrongKey = await ValidateAsync("app.bsky.actor.profile", "foo", """{"displayName":"Alice"}""");
        RecordVerdict wrong = await ValidateAsync("app.bsky.actor.profile", "self", """{"displayName":1}""");

        Assert.Multiple(() =>
        {
            Assert.That(good, Is.EqualTo(new RecordVerdict(RecordValidity.Valid)));
            Assert.That(wrongKey, Is.EqualTo(new RecordVerdict(RecordValidity.Invalid, "Invalid record key for app.bsky.actor.profile: rkey must be \"self\"")));
            Assert.That(wrong, Is.EqualTo(new RecordVerdict(RecordValidity.Invalid, "Invalid app.bsky.actor.profile record: record.displayName must be a string")));
        });
    }

    [Test]
    public async Task Validate_WhenTheLexiconIsNot_LooksElsewhereOnlyWhenAsked()
    {
        _published.Add(GivenLexicon.WithField("""{"type":"integer"}"""));

        RecordVerdict unasked = await ValidateAsync("com.example.thing", "k", """{"v":"x"}""");
        RecordVerdict asked = await ValidateAsync("com.example.thing", "k", """{"v":"x"}""", resolve: true);
        RecordVerdict good = await ValidateAsync("com.example.thing", "k", """{"v":1}""", resolve: true);

        Assert.Multiple(() =>
        {
            Assert.That(unasked.Validity, Is.EqualTo(RecordValidity.Unknown));
            Assert.That(asked, Is.EqualTo(new RecordVerdict(RecordValidity.Invalid, "Invalid com.example.thing record: record.v must be an integer")));
            Assert.That(good.Validity, Is.EqualTo(RecordValidity.Valid));
            Assert.That(_published.Asked, Has.Count.EqualTo(2));
        });
    }

    [Test]
    public async Task Validate_WhenTheLexiconRefersToOthers_ResolvesThoseThatAreNotKnown()
    {
        _published.Add(GivenLexicon.WithField("""{"type":"union","refs":["com.example.a","com.atproto.repo.strongRef"],"closed":true}"""));
        _published.Add(GivenLexicon.Of("""{"lexicon":1,"id":"com.example.a","defs":{"main":{"type":"object","required":["b"],"properties":{"b":{"type":"ref","ref":"com.example.b#b"}}}}}"""));
        _published.Add(GivenLexicon.Of("""{"lexicon":1,"id":"com.example.b","defs":{"b":{"type":"string","maxLength":1}}}"""));

        RecordVerdict good = await ValidateAsync("com.example.thing", "k", """{"v":{"$type":"com.example.a","b":"x"}}""", resolve: true);
        RecordVerdict wrong = await ValidateAsync("com.example.thing", "k", """{"v":{"$type":"com.example.a","b":"xy"}}""", resolve: true);

        Assert.Multiple(() =>
        {
            Assert.That(good.Validity, Is.EqualTo(RecordValidity.Valid));
            Assert.That(wrong.Message, Is.EqualTo("Invalid com.example.thing record: record.v.b must have at most 1 byte"));
            Assert.That(_published.Asked.Distinct(), Is.EqualTo(new[] { "com.example.thing", "com.example.a", "com.example.b" }));
        });
    }

    [TestCase("""{"type":"ref","ref":"com.example.gone"}""", Description = "Nobody publishes it.")]
    [TestCase("""{"type":"ref","ref":"com.example.thing2#gone"}""", Description = "The lexicon is there, the definition is not.")]
    [TestCase("""{"type":"union","refs":["com.example.thing2#text"]}""", Description = "The definition is of the wrong kind.")]
    public async Task Validate_WhenSomethingItRefersToIsNotThere_KnowsNothing(string field)
    {
        _published.Add(GivenLexicon.WithField(field));
        _published.Add(GivenLexicon.Of("""{"lexicon":1,"id":"com.example.thing2","defs":{"text":{"type":"string"}}}"""));

        RecordVerdict verdict = await ValidateAsync("com.example.thing", "k", "{}", resolve: true);

        Assert.That(verdict.Validity, Is.EqualTo(RecordValidity.Unknown));
    }

    [Test]
    public async Task Validate_WhenTheLexiconsHaveNoEnd_GivesUp()
    {
        for (int i = 0; i < 40; i++)
        {
            _published.Add(GivenLexicon.WithField($$"""{"type":"ref","ref":"com.example.t{{i + 1}}"}""", id: $"com.example.t{i}"));
        }

        RecordVerdict verdict = await ValidateAsync("com.example.t0", "k", "{}", resolve: true);

        Assert.That(verdict.Validity, Is.EqualTo(RecordValidity.Unknown));
        Assert.That(_published.Asked, Has.Count.LessThan(20));
    }

    [Test]
    public async Task Validate_WhenTheNsidIsNoRecordType_KnowsNothingAndAsksNobody()
    {
        RecordVerdict verdict = await ValidateAsync("com.atproto.repo.strongRef", "k", "{}", resolve: true);

        Assert.That(verdict.Validity, Is.EqualTo(RecordValidity.Unknown));
        Assert.That(_published.Asked, Is.Empty);
    }

    [Test]
    public async Task Validate_WhenTheHostAddedALexicon_JudgesByIt()
    {
        var added = new AddedLexicons(
            [new AddedLexicon("""{"lexicon":1,"id":"com.example.thing","defs":{"main":{"type":"record","key":"tid","record":{"type":"object","required":["ref"],"properties":{"ref":{"type":"ref","ref":"com.atproto.repo.strongRef"}}}}}}""")],
            [],
            new BuiltInLexicons());

        RecordVerdict verdict = await new LexiconRecords(new LexiconCatalogue(added, new RuleSettings()), _published).ValidateAsync(
            Nsid.Parse("com.example.thing"), RecordKey.Parse("3jzfcijpj2z2a"), Record("com.example.thing", """{"ref":{"uri":1}}"""), resolve: false, CancellationToken.None);

        Assert.That(verdict.Message, Is.EqualTo("Invalid com.example.thing record: record.ref.cid is missing"));
    }

    private ValueTask<RecordVerdict> ValidateAsync(string collection, string key, string json, bool resolve = false) =>
        new LexiconRecords(new LexiconCatalogue(new AddedLexicons([], [], new BuiltInLexicons()), new RuleSettings()), _published)
            .ValidateAsync(Nsid.Parse(collection), RecordKey.Parse(key), Record(collection, json), resolve, CancellationToken.None);

    private static DataMap Record(string collection, string json) => GivenLexicon.Record(json).WithType(collection);

    private sealed class FakeLexicons : ILexiconResolver
    {
        private readonly Dictionary<Nsid, LexiconDocument> _documents = [];

        public List<string> Asked { get; } = [];

        public void Add(LexiconDocument document) => _documents[document.Id] = document;

        public ValueTask<LexiconLookup> ResolveAsync(Nsid nsid, CancellationToken cancellationToken)
        {
            Asked.Add(nsid.ToString());
            DataMap record = GivenLexicon.Record("{}");
            return new(_documents.TryGetValue(nsid, out LexiconDocument? document)
                ? LexiconLookup.Found(new PublishedLexicon(AtUri.Parse("at://did:web:example.com"), record.Cid, record, document))
                : LexiconLookup.Failed("gone"));
        }
    }
}
