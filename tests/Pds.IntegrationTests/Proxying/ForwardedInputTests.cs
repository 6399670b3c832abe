using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Pds.IntegrationTests.Proxying;

/// <summary>Methods that others answer, though clients take them for this server's: what they are asked is judged here.</summary>
internal sealed class ForwardedInputTests : ProxyTest
{
    private const string Report = "com.atproto.moderation.createReport";
    private const string Subject = """{"$type":"com.atproto.admin.defs#repoRef","did":"did:web:bad.example.com"}""";
    private const string Reason = "\"com.atproto.moderation.defs#reasonSpam\"";

    protected override IReadOnlyDictionary<string, string?> Variables => new Dictionary<string, string?>
    {
        ["PDS_REPORT_SERVICE_URL"] = AppView.Url.ToString(),
        ["PDS_REPORT_SERVICE_DID"] = AppView.Did,
    };

    [TestCase("{}", "subject is missing")]
    [TestCase("""{"subject":""" + Subject + "}", "reasonType is missing")]
    [TestCase("""{"reasonType":5,"subject":""" + Subject + "}", "reasonType must be a string")]
    [TestCase("""{"reasonType":"spam","subject":"did:web:bad.example.com"}""", "subject must be an object")]
    [TestCase("""{"reasonType":"spam","subject":{"did":"did:web:bad.example.com"}}""", "subject must have a $type")]
    [TestCase("""{"reasonType":"spam","subject":{"$type":"com.atproto.admin.defs#repoRef","did":"bad"}}""", "subject.did must be a DID")]
    [TestCase("""{"reasonType":"spam","subject":{"$type":"com.atproto.repo.strongRef","uri":"at://bad.example.com/a.b.c/d"}}""", "subject.cid is missing")]
    [TestCase("""{"reasonType":"spam","reason":7,"subject":""" + Subject + "}", "reason must be a string")]
    [TestCase("""{"reasonType":"spam","modTool":{},"subject":""" + Subject + "}", "modTool.name is missing")]
    public async Task CreateReport_WhenAMemberIsMissingOrWrong_IsRefusedHere(string input, string fault)
    {
        HttpResponseMessage response = await Alice.PostAsync(Report, JsonNode.Parse(input));

        JsonNode body = await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
        Assert.That((string?)body["message"], Is.EqualTo($"Invalid {Report} input: {fault}"));
        Assert.That(AppView.TakeSeen(), Is.Empty);
    }

    [Test]
    public async Task CreateReport_WhenTheReasonIsTooLong_IsRefusedHere()
    {
        HttpResponseMessage response = await Alice.PostAsync(
            Report, new JsonObject { ["reasonType"] = "spam", ["reason"] = new string('x', 2001), ["subject"] = JsonNode.Parse(Subject) });

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
        Assert.That(AppView.TakeSeen(), Is.Empty);
    }

    [Test]
    public async Task CreateReport_WhenItIsRight_ArrivesAsItWasSent()
    {
        var input = JsonNode.Parse("""{"reasonType":""" + Reason + ""","reason":"Spam – and more","subject":""" + Subject + ""","modTool":{"name":"app","meta":{"a":[1]}},"more":true}""")!;

        HttpResponseMessage response = await Alice.PostAsync(Report, input.DeepClone());

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), await response.Content.ReadAsStringAsync());
        SeenRequest seen = AppView.TakeSeen().Single();
        Assert.That(JsonNode.DeepEquals(JsonNode.Parse(Encoding.UTF8.GetString(seen.Body)), input), Is.True);
        Assert.That((seen.Token!.Audience, seen.Token.Method), Is.EqualTo((AppView.Did, Report)));
    }

    [TestCase("app.bsky.actor.getProfile", "actor is missing")]
    [TestCase("app.bsky.actor.getProfile?actor=not%20a%20name", "actor must be a DID or handle")]
    [TestCase("app.bsky.actor.getProfiles", "actors is missing")]
    [TestCase("app.bsky.actor.getProfiles?actors=alice.test&actors=%40", "actors[1] must be a DID or handle")]
    [TestCase("app.bsky.feed.getActorLikes?actor=alice.test&limit=0", "limit must be at least 1")]
    [TestCase("app.bsky.feed.getAuthorFeed?actor=alice.test&limit=101", "limit must be at most 100")]
    [TestCase("app.bsky.feed.getAuthorFeed?actor=alice.test&includePins=maybe", "includePins must be a boolean")]
    [TestCase("app.bsky.feed.getFeed", "feed is missing")]
    [TestCase("app.bsky.feed.getPostThread?uri=https%3A%2F%2Fexample.com", "uri must be an AT-URI")]
    [TestCase("app.bsky.feed.getPostThread?uri=at%3A%2F%2Falice.test&depth=x", "depth must be an integer")]
    [TestCase("app.bsky.feed.getTimeline?limit=many", "limit must be an integer")]
    public async Task Query_WhenAParameterIsMissingOrWrong_IsRefusedHere(string query, string fault)
    {
        HttpResponseMessage response = await SendAsync(HttpMethod.Get, $"/xrpc/{query}");

        JsonNode body = await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
        Assert.That((string?)body["message"], Is.EqualTo($"Invalid {query.Split('?')[0]} params: {fault}"));
        Assert.That(AppView.TakeSeen(), Is.Empty);
    }

    [TestCase("app.bsky.actor.getProfiles?actors=alice.test&actors=did:web:bob.example.com&more=1")]
    [TestCase("app.bsky.feed.getTimeline?limit=100&cursor=")]
    [TestCase("app.bsky.feed.getAuthorFeed?actor=alice.test&filter=new_kind&includePins=true")]
    public async Task Query_WhenItIsRight_IsPassedOnAsItWasWritten(string query)
    {
        HttpResponseMessage response = await SendAsync(HttpMethod.Get, $"/xrpc/{query}");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), await response.Content.ReadAsStringAsync());
        Assert.That(AppView.TakeSeen().Single().Target, Does.EndWith(query));
    }

    [TestCase("registerPush", "ageRestricted", "\"yes\"", "ageRestricted must be a boolean")]
    [TestCase("unregisterPush", "token", "null", "token must be a string")]
    public async Task Push_WhenAMemberIsWrong_IsRefusedHere(string name, string member, string value, string fault)
    {
        JsonObject input = new() { ["serviceDid"] = AppView.Did, ["token"] = "t", ["platform"] = "ios", ["appId"] = "a" };
        input[member] = JsonNode.Parse(value);

        HttpResponseMessage response = await Alice.PostAsync($"app.bsky.notification.{name}", input);

        JsonNode body = await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
        Assert.That((string?)body["message"], Is.EqualTo($"Invalid app.bsky.notification.{name} input: {fault}"));
    }
}
