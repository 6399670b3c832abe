using System.Globalization;
using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pds.IntegrationTests.Repositories;

namespace Pds.IntegrationTests.Sync;

internal sealed class JetstreamTests : RepoTest
{
    [Test]
    public async Task Subscribe_HearsCreateUpdateAndDelete()
    {
        await using JetstreamClient client = await OpenAsync($"?cursor=0&wantedDids={Alice.Did}&wantedCollections={RepoClient.Collection}");

        JsonElement created = await Alice.CreateAsync(new { text = "hé <b>", link = new Dictionary<string, string> { ["$link"] = "bafyreie5cvv4h45feadgeuwhbcutmh6t2ceseocckahdoe6uat64zmz454" } }, "one");
        JsonElement updated = await (await Alice.PutAsync(new { text = "two" }, "one")).ShouldAnswerAsync();
        JsonElement deleted = await (await Alice.DeleteAsync("one")).ShouldAnswerAsync();

        IReadOnlyList<JsonNode> heard = await client.WaitForAsync(3, IsCommit);
        Assert.Multiple(() =>
        {
            Assert.That(heard[0].ToJsonString(), Is.EqualTo(JsonNode.Parse($$$"""
                {"did":"{{{Alice.Did}}}","time_us":{{{heard[0]["time_us"]}}},"kind":"commit","commit":{"rev":"{{{created.Text("commit.rev")}}}","operation":"create",
                "collection":"com.example.thing","rkey":"one","record":{"link":{"$link":"bafyreie5cvv4h45feadgeuwhbcutmh6t2ceseocckahdoe6uat64zmz454"},"text":"hé <b>","$type":"com.example.thing"},
                "cid":"{{{created.Text("cid")}}}"}}
                """)!.ToJsonString()));
            Assert.That(heard[1]["commit"]!["operation"]!.GetValue<string>(), Is.EqualTo("update"));
            Assert.That(heard[1]["commit"]!["cid"]!.GetValue<string>(), Is.EqualTo(updated.Text("cid")));
            Assert.That(heard[2]["commit"]!.ToJsonString(), Is.EqualTo(
                $$"""{"rev":"{{deleted.Text("commit.rev")}}","operation":"delete","collection":"com.example.thing","rkey":"one"}"""));
        });
    }

    [Test]
    public async Task Subscribe_HearsIdentityAndAccountEventsWhateverTheCollection()
    {
        await using JetstreamClient client = await OpenAsync("?wantedCollections=com.example.none");

        RepoClient bob = await Server.CreateAccountAsync();

        IReadOnlyList<JsonNode> heard = await client.WaitForAsync(2, message => message["did"]!.GetValue<string>() == bob.Did.ToString());
        JsonNode identity = heard[0]["identity"]!;
        JsonNode account = heard[1]["account"]!;
        Assert.Multiple(() =>
        {
            Assert.That(identity.ToJsonString(), Is.EqualTo($$"""{"did":"{{bob.Did}}","handle":"{{bob.Handle}}","seq":{{identity["seq"]}},"time":"{{identity["time"]}}"}"""));
            Assert.That(account.ToJsonString(), Is.EqualTo($$"""{"active":true,"did":"{{bob.Did}}","seq":{{account["seq"]}},"time":"{{account["time"]}}"}"""));
        });
    }

    [Test]
    public async Task Subscribe_WithoutCursor_HearsOnlyWhatIsNew()
    {
        await Alice.CreateAsync(new { n = 1 });
        await using JetstreamClient client = await OpenAsync($"?wantedDids={Alice.Did}&requireHello=true");
        await client.SayAsync($$$"""{"type":"options_update","payload":{"wantedDids":["{{{Alice.Did}}}"]}}""");
        await WriteUntilHeardAsync(client);

        Assert.That(client.Messages[0]["commit"]!["record"]!["live"], Is.Not.Null);
    }

    [Test]
    public async Task Subscribe_WithTheTimeOfAMessage_HearsItAgainAndWhatFollowsOnce()
    {
        await using JetstreamClient first = await OpenAsync($"?cursor=0&wantedDids={Alice.Did}");
        await Alice.ApplyAsync([.. Enumerable.Range(0, 150).Select(n => RepoClient.Create($"k{n}", new { n }))]);
        await Alice.ApplyAsync([.. Enumerable.Range(150, 50).Select(n => RepoClient.Create($"k{n}", new { n }))]);
        JsonNode[] all = [.. (await first.WaitForAsync(200, IsCommit)).Where(IsCommit)];
        long[] times = [.. all.Select(TimeOf)];

        await using JetstreamClient late = await OpenAsync($"?cursor={times[120].ToString(CultureInfo.InvariantCulture)}&wantedDids={Alice.Did}");

        IReadOnlyList<JsonNode> heard = await late.WaitForAsync(80, IsCommit);
        Assert.That(times, Is.Ordered.Ascending.And.Unique);
        Assert.That(heard.Select(message => message.ToJsonString()), Is.EqualTo(all.Skip(120).Select(message => message.ToJsonString())));
    }

    [Test]
    public async Task Subscribe_WithPrefixes_HearsTheirCollectionsOnly()
    {
        await using JetstreamClient client = await OpenAsync($"?cursor=0&wantedDids={Alice.Did}&wantedCollections=com.example.a.*&wantedCollections=com.example.exact");

        await Alice.CreateAsync(new { n = 0 }, collection: "com.example.able");
        await Alice.CreateAsync(new { n = 1 }, collection: "com.example.a.one");
        await Alice.CreateAsync(new { n = 2 }, collection: "com.example.exactly");
        await Alice.CreateAsync(new { n = 3 }, collection: "com.example.exact");

        IReadOnlyList<JsonNode> heard = await client.WaitForAsync(2, IsCommit);
        Assert.That(heard.Select(message => message["commit"]!["collection"]!.GetValue<string>()), Is.EqualTo(new[] { "com.example.a.one", "com.example.exact" }));
    }

    [Test]
    public async Task Subscribe_WithAMaximumSize_HearsNothingLonger()
    {
        await using JetstreamClient client = await OpenAsync($"?cursor=0&wantedDids={Alice.Did}&wantedCollections={RepoClient.Collection}&maxMessageSizeBytes=1000");

        await Alice.CreateAsync(new { text = new string('x', 2000) }, "long");
        await Alice.CreateAsync(new { text = "short" }, "short");

        Assert.That((await client.WaitForAsync(1, IsCommit))[0]["commit"]!["rkey"]!.GetValue<string>(), Is.EqualTo("short"));
    }

    [Test]
    public async Task Update_ChangesWhatIsHeard()
    {
        await using JetstreamClient client = await OpenAsync($"?wantedDids={Alice.Did}&requireHello=true");
        await Alice.CreateAsync(new { n = 1 }, "before");
        await client.SayAsync($$$"""{"type":"options_update","payload":{"wantedDids":["{{{Alice.Did}}}"],"wantedCollections":["com.example.wanted"],"maxMessageSizeBytes":0}}""");
        await WriteUntilHeardAsync(client, "com.example.wanted");

        await Alice.CreateAsync(new { n = 2 }, "unwanted");
        await Alice.CreateAsync(new { n = 3 }, "last", collection: "com.example.wanted");

        IReadOnlyList<JsonNode> heard = await client.WaitForAsync(1, message => message["commit"]?["rkey"]?.GetValue<string>() == "last");
        Assert.That(heard, Has.Count.EqualTo(1));
        Assert.That(client.Messages.Select(message => message["commit"]!["collection"]!.GetValue<string>()), Is.All.EqualTo("com.example.wanted"));
    }

    [TestCase("nonsense")]
    [TestCase("""{"type":"options_update","payload":{"wantedCollections":["no collection"]}}""")]
    [TestCase("""{"type":"options_update","payload":{"wantedDids":"did:web:a.example"}}""")]
    public async Task Update_WhenItIsNotUnderstood_EndsTheSubscription(string update)
    {
        await using JetstreamClient client = await OpenAsync("?requireHello=true");

        await client.SayAsync(update);

        await client.WaitForCloseAsync();
        Assert.That(client.CloseStatus, Is.EqualTo(WebSocketCloseStatus.PolicyViolation));
    }

    [Test]
    public async Task Update_OfAnotherKind_IsPassedOver()
    {
        await using JetstreamClient client = await OpenAsync($"?wantedDids={Alice.Did}");

        await client.SayAsync("""{"type":"later_invention","payload":{"any":1}}""");

        await WriteUntilHeardAsync(client);
        Assert.That(client.CloseStatus, Is.Null);
    }

    [TestCase("?cursor=yesterday")]
    [TestCase("?wantedCollections=nonsense")]
    [TestCase("?wantedDids=alice.test")]
    [TestCase("?compress=true")]
    public async Task Subscribe_WhenTheRequestIsWrong_IsRefusedBeforeTheUpgrade(string query)
    {
        HttpResponseMessage response = await UpgradeAsync($"/subscribe{query}");

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest", message: null);
    }

    [Test]
    public async Task Subscribe_WithoutAWebSocket_IsRefused()
    {
        HttpResponseMessage response = await Server.Http.GetAsync(new Uri("/subscribe", UriKind.Relative));

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.UpgradeRequired, "UpgradeRequired", message: null);
    }

    [Test]
    public async Task Subscribe_WhenItIsSwitchedOff_IsNotFound()
    {
        await using RepoServer server = await RepoServer.StartAsync(options => options.Firehose.JetstreamEnabled = false);

        HttpResponseMessage response = await server.Http.GetAsync(new Uri("/subscribe", UriKind.Relative));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [TestCase("/subscribe")]
    [TestCase("/xrpc/com.atproto.sync.subscribeRepos")]
    public async Task Subscribe_FromAnAddressWithTooManyStreams_IsRefusedBeforeTheUpgrade(string path)
    {
        await using RepoServer server = await RepoServer.StartAsync(options => options.Firehose.MaxSubscribersPerAddress = 2);
        var uri = new UriBuilder(server.Http.BaseAddress!) { Scheme = "ws", Path = path }.Uri;
        using ClientWebSocket one = await ConnectAsync(uri, "203.0.113.5");
        using ClientWebSocket two = await ConnectAsync(uri, "203.0.113.5");
        using ClientWebSocket other = await ConnectAsync(uri, "203.0.113.6");

        Assert.That(async () => await ConnectAsync(uri, "203.0.113.5"), Throws.InstanceOf<WebSocketException>().With.Message.Contains("429"));

        await one.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        using ClientWebSocket again = await ConnectUntilLetInAsync(uri, "203.0.113.5");
        Assert.That(again.State, Is.EqualTo(WebSocketState.Open));
    }

    private static bool IsCommit(JsonNode message) => message["kind"]!.GetValue<string>() == "commit";

    private static long TimeOf(JsonNode message) => message["time_us"]!.GetValue<long>();

    private static async Task<ClientWebSocket> ConnectAsync(Uri uri, string address)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("X-Forwarded-For", address);
        await socket.ConnectAsync(uri, CancellationToken.None);
        return socket;
    }

    // The server notices a moment after the client that a stream has ended.
    private static async Task<ClientWebSocket> ConnectUntilLetInAsync(Uri uri, string address)
    {
        using var patience = new CancellationTokenSource(Patience.Long);
        while (true)
        {
            patience.Token.ThrowIfCancellationRequested();
            try
            {
                return await ConnectAsync(uri, address);
            }
            catch (WebSocketException refused) when (refused.Message.Contains("429", StringComparison.Ordinal))
            {
                await Task.Yield();
            }
        }
    }

    private Task<JetstreamClient> OpenAsync(string query) => JetstreamClient.OpenAsync(Server.Http.BaseAddress!, query);

    private async Task<HttpResponseMessage> UpgradeAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        request.Headers.Connection.Add("Upgrade");
        request.Headers.Upgrade.ParseAdd("websocket");
        request.Headers.Add("Sec-WebSocket-Version", "13");
        request.Headers.Add("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
        return await Server.Http.SendAsync(request);
    }

    /// <summary>A live subscription begins some time after it was asked for.</summary>
    private async Task WriteUntilHeardAsync(JetstreamClient client, string collection = RepoClient.Collection)
    {
        while (client.Messages.Count == 0)
        {
            await Alice.CreateAsync(new { live = true }, collection: collection);
        }
    }
}
