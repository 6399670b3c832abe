using System.Net;
using System.Text;
using Pds.Application.Lexicons;
using Pds.Application.Repositories;
using Pds.Application.Settings;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;
using Pds.Domain.Identity;
using Pds.Domain.Repositories;
using Pds.Infrastructure.Http;
using Pds.Infrastructure.Lexicons;
using Pds.UnitTests.Fakes;
using Pds.UnitTests.Identity.Resolution;

namespace Pds.UnitTests.Lexicons;

/// <summary>Every step of the resolution, and how each can fail.</summary>
internal sealed class LexiconResolverTests
{
    private const string Id = "edu.uni.blogging.post";
    private const string Document = """{"$type":"com.atproto.lexicon.schema","lexicon":1,"id":"edu.uni.blogging.post","defs":{"main":{"type":"record","key":"tid","record":{"type":"object"}}}}""";

    private readonly List<string> _namesAsked = [];
    private readonly FakeDids _dids = new();
    private string[]? _records;
    private bool _isHere;
    private StoredRecord? _own;
    private ScriptedTransport _transport = null!;

    [SetUp]
    public void Publish()
    {
        (_isHere, _own) = (false, null);
        _namesAsked.Clear();
        _dids.Asked.Clear();
        _records = [$"did={Given.DidText}", "v=spf1"];
        _dids.Documents[Given.DidText] = DocumentOf(Given.DidKey);
        Serve(Proof(Document));
    }

    [TearDown]
    public void Dispose() => _transport.Dispose();

    [Test]
    public async Task Fetch_WhenAllIsWell_GivesRecordAndDocument()
    {
        LexiconLookup lookup = await FetchAsync();

        Assert.Multiple(() =>
        {
            Assert.That(lookup.Failure, Is.Null);
            Assert.That(lookup.Lexicon!.Uri.ToString(), Is.EqualTo($"at://{Given.DidText}/com.atproto.lexicon.schema/{Id}"));
            Assert.That(lookup.Lexicon!.Cid, Is.EqualTo(GivenLexicon.Record(Document).Cid));
            Assert.That(lookup.Lexicon!.Document.Id.ToString(), Is.EqualTo(Id));
            Assert.That(_namesAsked, Is.EqualTo(new[] { "_lexicon.blogging.uni.edu" }));
            Assert.That(_transport.Requests, Is.EqualTo(new[]
            {
                $"https://pds.example.com/xrpc/com.atproto.sync.getRecord?did={Uri.EscapeDataString(Given.DidText)}&collection=com.atproto.lexicon.schema&rkey={Id}",
            }));
        });
    }

    [Test]
    public async Task Fetch_WhenAnAccountOfThisServerPublishedIt_AsksNobody()
    {
        DataMap record = GivenLexicon.Record(Document);
        (_isHere, _own) = (true, new StoredRecord(RecordPath.Parse($"com.atproto.lexicon.schema/{Id}"), record, record.Cid));

        LexiconLookup lookup = await FetchAsync();

        Assert.Multiple(() =>
        {
            Assert.That(lookup.Lexicon!.Document.Id.ToString(), Is.EqualTo(Id));
            Assert.That(lookup.Lexicon!.Uri.ToString(), Is.EqualTo($"at://{Given.DidText}/com.atproto.lexicon.schema/{Id}"));
            Assert.That(_transport.Requests, Is.Empty);
            Assert.That(_dids.Asked, Is.Empty);
        });
    }

    [TestCase(null)]
    [TestCase("""{"$type":"com.example.note"}""")]
    [TestCase("""{"$type":"com.atproto.lexicon.schema","lexicon":1,"id":"edu.uni.blogging.other","defs":{}}""")]
    public async Task Fetch_WhenAnAccountOfThisServerHasNoSuchLexicon_FailsAndAsksNobody(string? published)
    {
        DataMap? record = published is null ? null : GivenLexicon.Record(published);
        (_isHere, _own) = (true, record is null ? null : new StoredRecord(RecordPath.Parse($"com.atproto.lexicon.schema/{Id}"), record, record.Cid));

        LexiconLookup lookup = await FetchAsync();

        Assert.That((lookup.Lexicon, lookup.Failure is { Length: > 0 }), Is.EqualTo(((PublishedLexicon?)null, true)));
        Assert.That(_transport.Requests, Is.Empty);
    }

    [Test]
    public async Task Fetch_WhenAnAuthorityIsSet_AsksNoNameServer()
    {
        LexiconLookup lookup = await FetchAsync(new RuleSettings { LexiconAuthorityDid = Given.DidText });

        Assert.That(lookup.Lexicon, Is.Not.Null);
        Assert.That(_namesAsked, Is.Empty);
    }

    // Pitfall I 166.
    [TestCase]
    [TestCase("v=spf1")]
    [TestCase("did=nonsense")]
    [TestCase("did=did:web:a.example", "did=did:web:b.example")]
    public async Task Fetch_WhenDnsNamesNoSingleAuthority_FailsWithoutAskingElsewhere(params string[] records)
    {
        _records = records;

        LexiconLookup lookup = await FetchAsync();

        Assert.That(lookup.Failure, Does.StartWith("Failed to resolve lexicon DID authority"));
        Assert.That(_namesAsked, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Fetch_WhenNoNameServerAnswers_Fails()
    {
        _records = null;

        Assert.That((await FetchAsync()).Failure, Does.StartWith("Failed to resolve lexicon DID authority"));
    }

    [Test]
    public async Task Fetch_WhenTheAuthorityIsGoneOrHasNoRepository_Fails()
    {
        _dids.Documents[Given.DidText] = GivenDocument.Of(Given.DidText);
        LexiconLookup homeless = await FetchAsync();
        _dids.Documents.Clear();
        LexiconLookup gone = await FetchAsync();

        Assert.That(homeless.Failure, Does.Contain("has no repository"));
        Assert.That(gone.Failure, Does.Contain("has no repository"));
    }

    [Test]
    public async Task Fetch_WhenTheServerHasNoProof_Fails()
    {
        Serve(null);

        Assert.That((await FetchAsync()).Failure, Does.StartWith("Failed to fetch the lexicon"));
    }

    [Test]
    public async Task Fetch_WhenTheProofIsWrong_Fails()
    {
        byte[] proof = Proof(Document);
        byte[] changed = [.. proof];
        changed[^3] ^= 1;
        byte[][] wrong = [[], [1, 2, 3], proof[..^20], changed, Proof(Document, rkey: "edu.uni.blogging.other"), Proof(Document, did: "did:web:mallory.example"), Proof("""{"$type":"com.example.other","id":"x"}""")];

        List<string?> failures = [];
        foreach (byte[] body in wrong)
        {
            Serve(body);
            failures.Add((await FetchAsync()).Failure);
        }

        Assert.That(failures, Has.All.StartsWith("Failed to verify the proof"));
    }

    [Test]
    public async Task Fetch_WhenTheKeyIsAnother_AsksForTheDocumentAnewAndFails()
    {
        _dids.Documents[Given.DidText] = DocumentOf("did:key:zQ3shXjHeiBuRCKmM36cuYnm7YEMzhGnCmCyW92sRJ9pribSF");

        LexiconLookup lookup = await FetchAsync();

        Assert.That(lookup.Failure, Does.StartWith("Failed to verify the proof"));
        Assert.That(_dids.Asked, Is.EqualTo(new[] { $"cached {Given.DidText}", $"fresh {Given.DidText}" }));
    }

    [TestCase("""{"$type":"com.atproto.lexicon.schema","lexicon":1,"id":"edu.uni.blogging.other","defs":{"main":{"type":"token"}}}""", "has another id")]
    [TestCase("""{"$type":"com.atproto.lexicon.schema","lexicon":1,"id":"edu.uni.blogging.post","defs":{}}""", "is not a lexicon")]
    public async Task Fetch_WhenTheDocumentIsNotTheLexicon_Fails(string document, string failure)
    {
        Serve(Proof(document));

        Assert.That((await FetchAsync()).Failure, Does.EndWith(failure));
    }

    [Test]
    public async Task Cache_KeepsWhatItHasAndForgetsFailures()
    {
        var time = new ManualTime();
        int fetches = 0;
        bool isDown = true;
        var cache = new CachingLexiconResolver(
            async (nsid, token) =>
            {
                fetches++;
                return isDown ? LexiconLookup.Failed("down") : await FetchAsync();
            },
            time);
        async Task<(bool Found, int Fetches)> AskAsync(TimeSpan later)
        {
            time.Advance(later);
            LexiconLookup lookup = await cache.ResolveAsync(Nsid.Parse(Id), CancellationToken.None);
            return (lookup.Lexicon is not null, fetches);
        }

        List<(bool, int)> seen = [await AskAsync(TimeSpan.Zero), await AskAsync(TimeSpan.FromMinutes(4))];
        isDown = false;
        seen.AddRange([await AskAsync(TimeSpan.FromMinutes(1)), await AskAsync(TimeSpan.FromMinutes(4))]);
        isDown = true;
        seen.AddRange([await AskAsync(TimeSpan.FromMinutes(1)), await AskAsync(TimeSpan.FromMinutes(4)), await AskAsync(TimeSpan.FromDays(1)), await AskAsync(TimeSpan.FromDays(90))]);

        Assert.That(seen, Is.EqualTo(new[] { (false, 1), (false, 1), (true, 2), (true, 2), (true, 3), (true, 3), (true, 4), (false, 5) }));
    }

    private static DidDocument DocumentOf(string didKey) => DidDocument.Parse(
        Given.Did(),
        Encoding.UTF8.GetBytes(
            $$"""
            {"id":"{{Given.DidText}}",
             "verificationMethod":[{"id":"#atproto","type":"Multikey","controller":"x","publicKeyMultibase":"{{didKey["did:key:".Length..]}}"}],
             "service":[{"id":"#atproto_pds","type":"AtprotoPersonalDataServer","serviceEndpoint":"https://pds.example.com"}]}
            """));

    /// <summary>The CAR of a first commit has everything that a proof has.</summary>
    private static byte[] Proof(string record, string rkey = Id, string did = Given.DidText)
    {
        var repository = new Repository(Given.Did(did), null, Domain.Repositories.Mst.MstTree.Empty, Given.Signer(), Given.Clock());
        DataMap content = GivenLexicon.Record(record);
        return repository.Apply([RecordWrite.Create(Given.Path(rkey, "com.atproto.lexicon.schema"), content)]).Blocks.ToArray();
    }

    private void Serve(byte[]? body)
    {
        _transport?.Dispose();
        _transport = new ScriptedTransport(_ => body is null ? new(HttpStatusCode.NotFound) : new(HttpStatusCode.OK) { Content = new ByteArrayContent(body) });
    }

    private async Task<LexiconLookup> FetchAsync(RuleSettings? options = null)
    {
        RuleSettings chosen = options ?? new RuleSettings();
        var resolver = new LexiconResolver(
            chosen,
            (name, _, _, _) =>
            {
                _namesAsked.Add(name);
                return Task.FromResult<IReadOnlyList<string>?>(_records);
            },
            _dids,
            Given.Signer(),
            GuardedHttp.Over(_transport, new ServerSettings(), TimeProvider.System),
            (_, _, _) => ValueTask.FromResult<(bool, StoredRecord?)>((_isHere, _own)));
        return await resolver.FetchAsync(Nsid.Parse(Id), CancellationToken.None);
    }
}
