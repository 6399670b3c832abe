using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Pds.IntegrationTests.Proxying;

/// <summary>What services see of a request, and where it goes.</summary>
internal sealed class ServiceRequestTests : ProxyTest
{
    private const string Method = "app.bsky.feed.searchPosts";

    // Pitfall D 76.
    [Test]
    public async Task Query_OfAnUnknownMethod_ReachesTheAppViewWithATokenOfTheAccount()
    {
        HttpResponseMessage response = await Alice.GetAsync(Method, ("q", "x"));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        SeenRequest seen = AppView.TakeSeen().Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That((seen.Verb, seen.Method), Is.EqualTo(("GET", Method)));
            Assert.That(seen.Token! with { Id = "" }, Is.EqualTo(new ServiceToken(Alice.Did.ToString(), AppView.Did, Method, 60, "")));
            Assert.That(seen.Token.Id, Does.Match("^[0-9a-f]{32}$"));
        }
    }

    [TestCase("?q=%41%2f+b&tags=a&tags=b&empty=&x")]
    [TestCase("?q=%C3%A9%20&q2=..%2F..")]
    [TestCase("")]
    public async Task Query_Always_ReachesTheServiceAsItWasWritten(string query)
    {
        Uri address = new($"{Pds.Origin.GetLeftPart(UriPartial.Authority)}/xrpc/{Method}{query}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });

        await Alice.Http.GetAsync(address);

        Assert.That(AppView.TakeSeen().Single().Target, Is.EqualTo($"/xrpc/{Method}{query}"));
    }

    // Pitfall D 72.
    [Test]
    public async Task Headers_Always_PassOnlyWhenTheyAreOnTheList()
    {
        await SendAsync(HttpMethod.Get, $"/xrpc/{Method}", null,
            ("Accept-Language", "de"), ("Atproto-Accept-Labelers", "did:web:labels.example.com;redact"), ("X-Bsky-Topics", "cats"), ("X-Atproto-Test", "1"),
            ("Cookie", "a=b"), ("DPoP", "proof"), ("X-Forwarded-For", "192.0.2.1"), ("X-Other", "1"), ("Atproto-Proxy", $"{AppView.Did}#bsky_appview"));

        IReadOnlyDictionary<string, string> seen = AppView.TakeSeen().Single().Headers;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(seen.Keys, Is.EquivalentTo(new[] { "host", "user-agent", "authorization", "accept-encoding", "accept-language", "atproto-accept-labelers", "x-bsky-topics", "x-atproto-test" }));
            Assert.That(seen["accept-encoding"], Is.EqualTo("identity"));
            Assert.That(seen["atproto-accept-labelers"], Is.EqualTo("did:web:labels.example.com;redact"));
        }
    }

    [Test]
    public async Task Procedure_Always_ReachesTheServiceWithItsBodyAsItIs()
    {
        byte[] body = new byte[200_000];
        Random.Shared.NextBytes(body);
        ByteArrayContent content = new(body);
        content.Headers.TryAddWithoutValidation("Content-Type", "application/x-thing; v=1");
        content.Headers.TryAddWithoutValidation("Content-Encoding", "zstd");

        HttpResponseMessage response = await SendAsync(HttpMethod.Post, "/xrpc/com.example.upload", content);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        SeenRequest seen = AppView.TakeSeen().Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(seen.Body, Is.EqualTo(body));
            Assert.That(seen.Headers["content-type"], Is.EqualTo("application/x-thing; v=1"));
            Assert.That(seen.Headers["content-encoding"], Is.EqualTo("zstd"));
            Assert.That(seen.Headers["content-length"], Is.EqualTo("200000"));
        }
    }

    [Test]
    public async Task Procedure_WithoutABody_ReachesTheServiceWithoutOne()
    {
        await SendAsync(HttpMethod.Post, "/xrpc/com.example.touch");

        SeenRequest seen = AppView.TakeSeen().Single();
        Assert.That((seen.Verb, seen.Body.Length, seen.Headers.ContainsKey("content-type")), Is.EqualTo(("POST", 0, false)));
    }

    [Test]
    public async Task Head_OfAnUnknownMethod_AnswersWithHeadersOnly()
    {
        AppView.Answer(Method, """{"posts":[]}""", 200, ("Atproto-Repo-Rev", "3jzfcijpj2z2a"));

        HttpResponseMessage response = await SendAsync(HttpMethod.Head, $"/xrpc/{Method}");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(AppView.TakeSeen().Single().Verb, Is.EqualTo("HEAD"));
            Assert.That(response.Content.Headers.ContentLength, Is.EqualTo(12));
            Assert.That(HeaderOf(response, "Atproto-Repo-Rev"), Is.EqualTo("3jzfcijpj2z2a"));
            Assert.That(await response.Content.ReadAsByteArrayAsync(), Is.Empty);
        }
    }

    [Test]
    public async Task Target_InTheHeader_IsFoundByItsDidDocument()
    {
        await using StubAppView other = await StubAppView.StartAsync();
        other.Pds = Pds;

        HttpResponseMessage response = await SendAsync(HttpMethod.Get, "/xrpc/chat.bsky.convo.listConvos", null, ("Atproto-Proxy", $"{other.Did}#bsky_chat"));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(other.TakeSeen().Single().Token!.Audience, Is.EqualTo(other.Did));
        Assert.That(AppView.TakeSeen(), Is.Empty);
    }

    [TestCase("#bsky_appview", "no did specified in proxy header")]
    [TestCase("did:web:example.com", "no service id specified in proxy header")]
    [TestCase("did:web:example.com#", "no service id specified in proxy header")]
    [TestCase("did:web:example.com#a#b", "invalid proxy header format")]
    [TestCase("did:web:example.com#a b", "proxy header cannot contain spaces")]
    [TestCase("example.com#a", "could not resolve proxy did")]
    [TestCase("did:plc:abcdefghijklmnopqrstuvwx#a", "could not resolve proxy did")]
    [TestCase("did:example:thing#a", "could not resolve proxy did")]
    [TestCase("{appview}#missing", "could not resolve proxy did service url")]
    [TestCase("{appview}#broken", "could not resolve proxy did service url")]
    public async Task Target_WhenTheHeaderNamesNone_AnswersInvalidRequest(string header, string message)
    {
        HttpResponseMessage response = await SendAsync(HttpMethod.Get, $"/xrpc/{Method}", null, ("Atproto-Proxy", header.Replace("{appview}", AppView.Did, StringComparison.Ordinal)));

        JsonNode body = await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
        Assert.That(body["message"]!.GetValue<string>(), Is.EqualTo(message));
        Assert.That(AppView.TakeSeen(), Is.Empty);
    }

    [TestCase("com.atproto.server.getSession")]
    [TestCase("Com.Atproto.server.getSession")]
    public async Task Method_OfOurs_IsAnsweredHereWhateverTheHeaderSays(string method)
    {
        HttpResponseMessage response = await SendAsync(HttpMethod.Get, $"/xrpc/{method}", null, ("Atproto-Proxy", $"{AppView.Did}#bsky_appview"));

        Assert.That((await response.ShouldBeJsonAsync())["did"]!.GetValue<string>(), Is.EqualTo(Alice.Did.ToString()));
        Assert.That(AppView.TakeSeen(), Is.Empty);
    }

    [TestCase("POST", "app.bsky.actor.getProfile", "Incorrect HTTP method (POST) expected GET")]
    [TestCase("GET", "com.atproto.moderation.createReport", "Incorrect HTTP method (GET) expected POST")]
    [TestCase("GET", "tools.ozone.moderation.queryEvents", "No service configured for tools.ozone.moderation.queryEvents")]
    [TestCase("DELETE", Method, "XRPC requests only supports GET and POST")]
    [TestCase("GET", "notnsid", "No service configured for notnsid")]
    public async Task Method_WhenItCannotBePassedOn_AnswersInvalidRequest(string verb, string method, string message)
    {
        JsonNode body = await (await SendAsync(new HttpMethod(verb), $"/xrpc/{method}")).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");

        Assert.That(body["message"]!.GetValue<string>(), Is.EqualTo(message));
    }

    [Test]
    public async Task Feed_Always_IsAskedForWithATokenForItsGenerator()
    {
        AppView.Answer("com.atproto.repo.getRecord", """{"uri":"at://did:web:feeds.example.com/app.bsky.feed.generator/cats","cid":"x","value":{"did":"did:web:feeds.example.com"}}""");

        HttpResponseMessage response = await Alice.GetAsync("app.bsky.feed.getFeed", ("feed", "at://did:web:me.example.com/app.bsky.feed.generator/cats"), ("limit", 3));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        IReadOnlyList<SeenRequest> seen = AppView.TakeSeen();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(seen[0].Target, Is.EqualTo("/xrpc/com.atproto.repo.getRecord?repo=did%3Aweb%3Ame.example.com&collection=app.bsky.feed.generator&rkey=cats"));
            Assert.That(seen[0].Token, Is.Null);
            Assert.That(seen[1].Method, Is.EqualTo("app.bsky.feed.getFeed"));
            Assert.That((seen[1].Token!.Audience, seen[1].Token!.Method), Is.EqualTo(("did:web:feeds.example.com", "app.bsky.feed.getFeedSkeleton")));
        }
    }

    [TestCase("""{"value":{"did":1}}""", 200)]
    [TestCase("""{"value":{}}""", 200)]
    [TestCase("[]", 200)]
    [TestCase("""{"error":"RecordNotFound"}""", 400)]
    public async Task Feed_WhenItsGeneratorCannotBeFound_AnswersUnknownFeed(string record, int status)
    {
        AppView.Answer("com.atproto.repo.getRecord", record, status);

        HttpResponseMessage response = await Alice.GetAsync("app.bsky.feed.getFeed", ("feed", "at://did:web:me.example.com/app.bsky.feed.generator/cats"));

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "UnknownFeed");
    }

    // Pitfall D 83.
    [Test]
    public async Task Record_OfAnUnknownRepository_IsReadFromTheAppViewWithoutCredentials()
    {
        const string record = """{"uri":"at://did:web:other.example.com/com.example.thing/1","cid":"x","value":{"weight":1.5}}""";
        AppView.Answer("com.atproto.repo.getRecord", record);

        HttpResponseMessage response = await Alice.GetAsync("com.atproto.repo.getRecord", ("repo", "did:web:other.example.com"), ("collection", "com.example.thing"), ("rkey", "1"));

        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo(record));
        Assert.That(AppView.TakeSeen().Single().Token, Is.Null);
    }

    [Test]
    public async Task Record_OfARepositoryHere_IsNotAskedForElsewhere()
    {
        HttpResponseMessage response = await Alice.GetAsync("com.atproto.repo.getRecord", ("repo", Alice.Did), ("collection", "com.example.thing"), ("rkey", "1"));

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "RecordNotFound");
        Assert.That(AppView.TakeSeen(), Is.Empty);
    }

    [TestCase("registerPush")]
    [TestCase("unregisterPush")]
    public async Task Push_Always_GoesToTheServiceInTheInput(string name)
    {
        await using StubAppView other = await StubAppView.StartAsync();
        other.Pds = Pds;
        JsonObject input = new() { ["serviceDid"] = other.Did, ["token"] = "t", ["platform"] = "ios", ["appId"] = "a", ["more"] = 1 };

        HttpResponseMessage response = await Alice.PostAsync($"app.bsky.notification.{name}", input);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        SeenRequest seen = other.TakeSeen().Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That((seen.Token!.Audience, seen.Token.Method), Is.EqualTo((other.Did, $"app.bsky.notification.{name}")));
            Assert.That(JsonNode.DeepEquals(JsonNode.Parse(Encoding.UTF8.GetString(seen.Body)), input), Is.True);
        }
    }

    [Test]
    public async Task Push_ToTheAppView_NeedsNoLookup()
    {
        JsonObject input = new() { ["serviceDid"] = AppView.Did, ["token"] = "t", ["platform"] = "ios", ["appId"] = "a" };

        await Alice.PostAsync("app.bsky.notification.registerPush", input);

        Assert.That(AppView.TakeSeen().Single().Token!.Audience, Is.EqualTo(AppView.Did));
    }

    [TestCase("did:plc:abcdefghijklmnopqrstuvwx", "could not resolve did document: did:plc:abcdefghijklmnopqrstuvwx")]
    [TestCase("did:example:thing", "invalid did document: did:example:thing")]
    [TestCase("{alice}", "invalid notification service details in did document: {alice}")]
    [TestCase("nobody", "Invalid app.bsky.notification.registerPush input: serviceDid must be a DID")]
    public async Task Push_WhenTheServiceCannotBeFound_AnswersInvalidRequest(string service, string message)
    {
        service = service.Replace("{alice}", Alice.Did.ToString(), StringComparison.Ordinal);
        JsonObject input = new() { ["serviceDid"] = service, ["token"] = "t", ["platform"] = "ios", ["appId"] = "a" };

        HttpResponseMessage response = await Alice.PostAsync("app.bsky.notification.registerPush", input);

        JsonNode body = await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
        Assert.That(body["message"]!.GetValue<string>(), Is.EqualTo(message.Replace("{alice}", Alice.Did.ToString(), StringComparison.Ordinal)));
    }
}
