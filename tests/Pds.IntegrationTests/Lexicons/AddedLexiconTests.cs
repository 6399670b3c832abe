using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Pds.Application.DependencyInjection;
using Pds.Application.Lexicons;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;
using Pds.Domain.Lexicons;

namespace Pds.IntegrationTests.Lexicons;

/// <summary>Lexicons of hosts, operators and others.</summary>
internal sealed class AddedLexiconTests
{
    private const string Thing = """{"lexicon":1,"id":"com.example.thing","defs":{"main":{"type":"record","key":"any","record":{"type":"object","required":["n"],"properties":{"n":{"type":"integer"}}}}}}""";

    private string _directory = "";

    [SetUp]
    public void MakeDirectory() => _directory = Directory.CreateTempSubdirectory("pds-lexicons-").FullName;

    [TearDown]
    public void DeleteDirectory() => Directory.Delete(_directory, recursive: true);

    [Test]
    public async Task CreateRecord_WhenTheOperatorGaveTheLexicon_IsValidated()
    {
        File.WriteAllText(Path.Combine(_directory, "thing.json"), Thing);
        await using PdsApplication pds = await PdsApplication.StartAsync(Variables(_directory));

        await AssertIsValidatedAsync(pds);
    }

    [Test]
    public async Task CreateRecord_WhenTheHostGaveTheLexicon_IsValidated()
    {
        await using PdsApplication pds = await PdsApplication.StartAsync(services: services => new PdsBuilder(services).AddLexicon(Thing));

        await AssertIsValidatedAsync(pds);
    }

    [Test]
    public void Start_WhenLexiconsAreWrong_TellsAllFaultsAtOnce()
    {
        File.WriteAllText(Path.Combine(_directory, "a.json"), "{");
        File.WriteAllText(Path.Combine(_directory, "b.json"), """{"lexicon":1,"id":"com.example.b","defs":{"b":{"type":"ref","ref":"#c"}}}""");

        OptionsValidationException fault = Assert.ThrowsAsync<OptionsValidationException>(async () => await PdsApplication.StartAsync(Variables(_directory, authority: "nobody")))!;

        Assert.That(fault.Failures, Has.Exactly(3).Items);
        Assert.That(fault.Message, Does.Contain("a.json").And.Contain("b.json").And.Contain("PDS_LEXICON_AUTHORITY_DID"));
    }

    [Test]
    public async Task ResolveLexicon_AnswersWhatThereIsOrLexiconNotFound()
    {
        DataMap record = DataMap.FromJson(System.Text.Encoding.UTF8.GetBytes(Thing)).WithType("com.atproto.lexicon.schema");
        var published = new PublishedLexicon(
            AtUri.Parse("at://did:web:example.com/com.atproto.lexicon.schema/com.example.thing"), record.Cid, record, LexiconDocument.Parse(System.Text.Encoding.UTF8.GetBytes(Thing)));
        await using PdsApplication pds = await PdsApplication.StartAsync(services: services =>
            services.Replace(ServiceDescriptor.Singleton<ILexiconResolver>(new OneLexicon(published))));

        JsonNode found = await (await pds.Http.GetXrpcAsync("com.atproto.lexicon.resolveLexicon", ("nsid", "com.example.thing"))).ShouldBeJsonAsync();
        await (await pds.Http.GetXrpcAsync("com.atproto.lexicon.resolveLexicon", ("nsid", "com.example.gone"))).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "LexiconNotFound");
        await (await pds.Http.GetXrpcAsync("com.atproto.lexicon.resolveLexicon", ("nsid", "x"))).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");

        Assert.That(found["uri"]!.GetValue<string>(), Is.EqualTo(published.Uri.ToString()));
        Assert.That(found["cid"]!.GetValue<string>(), Is.EqualTo(record.Cid.ToString()));
        Assert.That(found["schema"]!["id"]!.GetValue<string>(), Is.EqualTo("com.example.thing"));
        using AccountClient alice = await pds.CreateAccountAsync();
        Assert.That((await CreateAsync(alice, "{}", validate: null)).StatusCode, Is.EqualTo(HttpStatusCode.OK), "Nothing is resolved unasked.");
        await (await CreateAsync(alice, "{}", validate: true)).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
    }

    [Test]
    public async Task CreateRecord_WhenTheLexiconIsPublished_IsValidatedOnDemand()
    {
        string did;
        string? port;
        await using (PdsApplication before = await PdsApplication.StartAsync(directory: _directory))
        {
            using AccountClient publisher = await before.CreateAccountAsync();
            await publisher.CreateRecordAsync("com.atproto.lexicon.schema", JsonNode.Parse(Thing)!.AsObject(), "com.example.thing");
            did = publisher.Did.ToString();
            port = before.Origin.Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        // The publisher lives on this very server, which asks it over HTTP like any other.
        await using PdsApplication pds = await PdsApplication.StartAsync(
            new Dictionary<string, string?> { ["PDS_LEXICON_AUTHORITY_DID"] = did, ["PDS_PORT"] = port }, directory: _directory);
        using AccountClient alice = await pds.CreateAccountAsync("alice");
        JsonNode resolved = await (await pds.Http.GetXrpcAsync("com.atproto.lexicon.resolveLexicon", ("nsid", "com.example.thing"))).ShouldBeJsonAsync();
        JsonNode valid = await (await CreateAsync(alice, """{"n":1}""", validate: true)).ShouldBeJsonAsync();
        JsonNode error = await (await CreateAsync(alice, """{"n":"1"}""", validate: true)).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
        JsonNode unasked = await (await CreateAsync(alice, """{"n":"1"}""", validate: null)).ShouldBeJsonAsync();

        Assert.Multiple(() =>
        {
            Assert.That(resolved["uri"]!.GetValue<string>(), Is.EqualTo($"at://{did}/com.atproto.lexicon.schema/com.example.thing"));
            Assert.That(valid["validationStatus"]!.GetValue<string>(), Is.EqualTo("valid"));
            Assert.That(error["message"]!.GetValue<string>(), Is.EqualTo("Invalid com.example.thing record: record.n must be an integer"));
            Assert.That(unasked["validationStatus"]!.GetValue<string>(), Is.EqualTo("unknown"));
        });
    }

    private static Dictionary<string, string?> Variables(string directory, string? authority = null) => new()
    {
        ["PDS_LEXICON_DIRECTORY"] = directory,
        ["PDS_LEXICON_AUTHORITY_DID"] = authority,
    };

    private static async Task AssertIsValidatedAsync(PdsApplication pds)
    {
        using AccountClient alice = await pds.CreateAccountAsync();
        JsonNode good = await (await CreateAsync(alice, """{"n":1}""", validate: true)).ShouldBeJsonAsync();
        JsonNode error = await (await CreateAsync(alice, """{"n":"1"}""", validate: null)).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");

        Assert.That(good["validationStatus"]!.GetValue<string>(), Is.EqualTo("valid"));
        Assert.That(error["message"]!.GetValue<string>(), Is.EqualTo("Invalid com.example.thing record: record.n must be an integer"));
    }

    private static Task<HttpResponseMessage> CreateAsync(AccountClient client, string record, bool? validate)
    {
        JsonObject input = new() { ["repo"] = client.Did.ToString(), ["collection"] = "com.example.thing", ["record"] = JsonNode.Parse(record) };
        if (validate is { } wanted)
        {
            input["validate"] = wanted;
        }

        return client.PostAsync("com.atproto.repo.createRecord", input);
    }

    private sealed class OneLexicon(PublishedLexicon lexicon) : ILexiconResolver
    {
        public ValueTask<LexiconLookup> ResolveAsync(Nsid nsid, CancellationToken cancellationToken) =>
            new(nsid == lexicon.Document.Id ? LexiconLookup.Found(lexicon) : LexiconLookup.Failed("There is none."));
    }
}
