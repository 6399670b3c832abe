using System.Net;
using System.Text.Json.Nodes;

namespace Pds.IntegrationTests.Lexicons;

/// <summary>What writing records says of their lexicons.</summary>
internal sealed class RecordValidationTests : PdsTest
{
    private const string Cid = "bafyreiclp443lavogvhj3d2ob2cxbfuscni2k5jk7bebjzg7khl3esabwq";
    private const string Time = "2026-01-02T03:04:05.678Z";
    private const string Did = "did:plc:ewvi7nxzyoun6zhxrhs64oiz";
    private const string LegacyBlob = """{"cid":"bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku","mimeType":"image/png"}""";

    private AccountClient _alice = null!;

    [SetUp]
    public async Task SignUpAsync() => _alice = await Pds.CreateAccountAsync();

    [TearDown]
    public void SignOut() => _alice.Dispose();

    [TestCase("app.bsky.feed.post", """{"text":"hello","createdAt":"TIME","langs":["en","de-CH"],"tags":["a"]}""")]
    [TestCase("app.bsky.feed.post", """{"text":"@bob see example.com","createdAt":"TIME","facets":[{"index":{"byteStart":0,"byteEnd":4},"features":[{"$type":"app.bsky.richtext.facet#mention","did":"DID"}]},{"index":{"byteStart":9,"byteEnd":20},"features":[{"$type":"app.bsky.richtext.facet#link","uri":"https://example.com"}]}]}""")]
    [TestCase("app.bsky.feed.post", """{"text":"","createdAt":"TIME","reply":{"root":{"uri":"at://DID/app.bsky.feed.post/3jzfcijpj2z2a","cid":"CID"},"parent":{"uri":"at://DID/app.bsky.feed.post/3jzfcijpj2z2a","cid":"CID"}},"embed":{"$type":"app.bsky.embed.external","external":{"uri":"https://example.com","title":"t","description":"d"}}}""")]
    [TestCase("app.bsky.feed.post", """{"text":"quote","createdAt":"TIME","embed":{"$type":"app.bsky.embed.record","record":{"uri":"at://DID/app.bsky.feed.post/3jzfcijpj2z2a","cid":"CID"}},"labels":{"$type":"com.atproto.label.defs#selfLabels","values":[{"val":"porn"}]}}""")]
    [TestCase("app.bsky.feed.post", """{"text":"of tomorrow","createdAt":"TIME","embed":{"$type":"app.bsky.embed.hologram","light":[1,2]},"mood":{"x":1}}""")]
    [TestCase("app.bsky.feed.like", """{"subject":{"uri":"at://DID/app.bsky.feed.post/3jzfcijpj2z2a","cid":"CID"},"createdAt":"TIME"}""")]
    [TestCase("app.bsky.feed.repost", """{"subject":{"uri":"at://DID/app.bsky.feed.post/3jzfcijpj2z2a","cid":"CID"},"createdAt":"TIME"}""")]
    [TestCase("app.bsky.graph.follow", """{"subject":"DID","createdAt":"TIME"}""")]
    [TestCase("app.bsky.graph.block", """{"subject":"DID","createdAt":"TIME"}""")]
    [TestCase("app.bsky.graph.list", """{"name":"n","purpose":"app.bsky.graph.defs#curatelist","createdAt":"TIME"}""")]
    [TestCase("app.bsky.graph.listitem", """{"subject":"DID","list":"at://DID/app.bsky.graph.list/3jzfcijpj2z2a","createdAt":"TIME"}""")]
    public async Task CreateRecord_OfTheNetworksTypes_IsValid(string collection, string record)
    {
        foreach (bool? validate in new bool?[] { null, true })
        {
            JsonNode answer = await (await CreateAsync(collection, record, validate: validate)).ShouldBeJsonAsync();

            Assert.That(answer["validationStatus"]!.GetValue<string>(), Is.EqualTo("valid"));
        }
    }

    // Pitfall I 159, 160.
    [Test]
    public async Task CreateRecord_WithFieldsThatTheLexiconDoesNotKnow_KeepsThem()
    {
        const string Record = """{"text":"hello","mood":{"deep":[1,{"$bytes":"AAA"},null]},"$type":"app.bsky.feed.post","createdAt":"TIME"}""";
        JsonNode created = await (await CreateAsync("app.bsky.feed.post", Record, "3jzfcijpj2z2a")).ShouldBeJsonAsync();

        JsonNode read = await (await _alice.GetAsync("com.atproto.repo.getRecord", ("repo", _alice.Did), ("collection", "app.bsky.feed.post"), ("rkey", "3jzfcijpj2z2a"))).ShouldBeJsonAsync();

        Assert.That(JsonNode.DeepEquals(read["value"], JsonNode.Parse(Fill(Record))), Is.True, read.ToJsonString());
        Assert.That(read["cid"]!.GetValue<string>(), Is.EqualTo(created["cid"]!.GetValue<string>()));
    }

    [TestCase("app.bsky.feed.post", """{"text":"hello"}""", null, "Invalid app.bsky.feed.post record: record.createdAt is missing")]
    [TestCase("app.bsky.feed.post", """{"text":"hello","createdAt":"yesterday"}""", null, "Invalid app.bsky.feed.post record: record.createdAt must be a datetime such as 2024-01-31T12:00:00.000Z")]
    [TestCase("app.bsky.feed.post", """{"text":"","createdAt":"TIME","embed":{"$type":"app.bsky.embed.images","images":[{"alt":"","image":"x"}]}}""", null, "Invalid app.bsky.feed.post record: record.embed.images[0].image must be a blob")]
    [TestCase("app.bsky.feed.post", """{"text":"","createdAt":"TIME","embed":{"$type":"app.bsky.embed.record#main","record":{}}}""", null, "Invalid app.bsky.feed.post record: record.embed has a $type that is not a type's name")]
    [TestCase("app.bsky.feed.post", """{"text":"","createdAt":"TIME"}""", "self", "Invalid record key for app.bsky.feed.post: rkey must be a TID")]
    [TestCase("app.bsky.actor.profile", """{"displayName":"Alice"}""", "foo", "Invalid record key for app.bsky.actor.profile: rkey must be \"self\"")]
    [TestCase("app.bsky.actor.profile", """{"displayName":"Alice"}""", null, "Invalid record key for app.bsky.actor.profile: rkey must be \"self\"")]
    [TestCase("app.bsky.feed.like", """{"subject":{"uri":"x","cid":"CID"},"createdAt":"TIME"}""", null, "Invalid app.bsky.feed.like record: record.subject.uri must be an AT-URI")]
    [TestCase("app.bsky.feed.post", """{"$type":"app.bsky.feed.post#main"}""", null, "Invalid $type: expected app.bsky.feed.post, got app.bsky.feed.post#main")]
    public async Task CreateRecord_WhenTheRecordBreaksItsLexicon_IsRefused(string collection, string record, string? rkey, string message)
    {
        foreach (bool? validate in new bool?[] { null, true })
        {
            JsonNode error = await (await CreateAsync(collection, record, rkey, validate)).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");

            Assert.That(error["message"]!.GetValue<string>(), Is.EqualTo(message));
        }
    }

    [TestCase("app.bsky.feed.like", """{"subject":7}""", "garbage")]
    [TestCase("app.bsky.actor.profile", """{"displayName":"Alice"}""", null)]
    public async Task CreateRecord_WhenTheCheckIsWaived_TakesAnythingAndSaysNothing(string collection, string record, string? rkey)
    {
        JsonNode answer = await (await CreateAsync(collection, record, rkey, validate: false)).ShouldBeJsonAsync();

        Assert.That(answer.AsObject().ContainsKey("validationStatus"), Is.False);
    }

    [TestCase(null)]
    [TestCase(true)]
    [TestCase(false)]
    public async Task CreateRecord_WithALegacyBlobAnywhere_IsRefused(bool? validate)
    {
        HttpResponseMessage response = await CreateAsync("app.bsky.feed.post", """{"text":"","createdAt":"TIME","extra":[{"a":LEGACY}]}""", validate: validate);

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
    }

    [Test]
    public async Task CreateRecord_OfAnUnknownType_DependsOnTheDemand()
    {
        JsonNode unasked = await (await CreateAsync("com.example.thing", """{"a":1}""")).ShouldBeJsonAsync();
        JsonNode waived = await (await CreateAsync("com.example.thing", """{"a":1}""", validate: false)).ShouldBeJsonAsync();
        JsonNode demanded = await (await CreateAsync("com.example.thing", """{"a":1}""", validate: true)).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");

        Assert.Multiple(() =>
        {
            Assert.That(unasked["validationStatus"]!.GetValue<string>(), Is.EqualTo("unknown"));
            Assert.That(waived["validationStatus"], Is.Null);
            Assert.That(demanded["message"]!.GetValue<string>(), Is.EqualTo("Unknown lexicon type: com.example.thing"));
        });
    }

    [Test]
    public async Task PutRecord_OfAProfile_IsValidated()
    {
        JsonNode good = await (await PutAsync("""{"displayName":"Alice","createdAt":null}""", validate: false)).ShouldBeJsonAsync();
        JsonNode valid = await (await PutAsync("""{"displayName":"Alice"}""")).ShouldBeJsonAsync();
        JsonNode error = await (await PutAsync($$"""{"displayName":"{{new string('x', 65)}}"}""")).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");

        Assert.Multiple(() =>
        {
            Assert.That(good["validationStatus"], Is.Null);
            Assert.That(valid["validationStatus"]!.GetValue<string>(), Is.EqualTo("valid"));
            Assert.That(error["message"]!.GetValue<string>(), Is.EqualTo("Invalid app.bsky.actor.profile record: record.displayName must have at most 64 characters"));
        });
    }

    [Test]
    public async Task ApplyWrites_WhenOneRecordBreaksItsLexicon_WritesNone()
    {
        Domain.DataModel.Cid before = await _alice.HeadAsync();
        JsonObject Write(string collection, string value) => new()
        {
            ["$type"] = "com.atproto.repo.applyWrites#create",
            ["collection"] = collection,
            ["value"] = JsonNode.Parse(value),
        };
        string follow = Fill("""{"subject":"DID","createdAt":"TIME"}""");

        JsonObject bad = new() { ["repo"] = _alice.Did.ToString(), ["writes"] = new JsonArray(Write("app.bsky.graph.follow", follow), Write("app.bsky.graph.follow", """{"subject":"nobody"}""")) };
        await (await _alice.PostAsync("com.atproto.repo.applyWrites", bad)).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
        Assert.That(await _alice.HeadAsync(), Is.EqualTo(before));

        JsonObject good = new() { ["repo"] = _alice.Did.ToString(), ["writes"] = new JsonArray(Write("app.bsky.graph.follow", follow), Write("com.example.thing", "{}")) };
        JsonNode answer = await (await _alice.PostAsync("com.atproto.repo.applyWrites", good)).ShouldBeJsonAsync();
        Assert.That(answer["results"]!.AsArray().Select(result => result!["validationStatus"]!.GetValue<string>()), Is.EqualTo(new[] { "valid", "unknown" }));
    }

    private static string Fill(string json) => json
        .Replace("DID", Did, StringComparison.Ordinal)
        .Replace("CID", Cid, StringComparison.Ordinal)
        .Replace("TIME", Time, StringComparison.Ordinal)
        .Replace("LEGACY", LegacyBlob, StringComparison.Ordinal);

    private Task<HttpResponseMessage> CreateAsync(string collection, string record, string? rkey = null, bool? validate = null) =>
        _alice.PostAsync("com.atproto.repo.createRecord", Input(collection, record, rkey, validate));

    private Task<HttpResponseMessage> PutAsync(string record, bool? validate = null) =>
        _alice.PostAsync("com.atproto.repo.putRecord", Input("app.bsky.actor.profile", record, "self", validate));

    private JsonObject Input(string collection, string record, string? rkey, bool? validate)
    {
        JsonObject input = new() { ["repo"] = _alice.Did.ToString(), ["collection"] = collection, ["record"] = JsonNode.Parse(Fill(record)) };
        if (rkey is not null)
        {
            input["rkey"] = rkey;
        }

        if (validate is not null)
        {
            input["validate"] = validate;
        }

        return input;
    }
}
