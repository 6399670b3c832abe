using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Pds.IntegrationTests.Repositories;

namespace Pds.IntegrationTests.Sync;

/// <summary>Cursors, refusals and the manners of the socket.</summary>
internal sealed class SubscribeReposTests : RepoTest
{
    private const string Method = "com.atproto.sync.subscribeRepos";

    // Pitfall C 47.
    [Test]
    public async Task Subscribe_WithoutCursor_HearsOnlyWhatIsNew()
    {
        await Alice.CreateAsync(new { n = 1 });
        await using FirehoseClient live = await Server.SubscribeAsync();
        JsonElement next = await WriteUntilHeardAsync(live);

        FirehoseFrame first = live.Events.First();

        Assert.That(first.Body["rev"], Is.EqualTo(next.Text("commit.rev")));
    }

    // Pitfall C 46.
    [Test]
    public async Task Subscribe_WithACursor_HearsEverythingAfterItOnceAndThenWhatIsNew()
    {
        await using FirehoseClient all = await Server.SubscribeAsync("?cursor=0");
        JsonElement before = await Alice.CreateAsync(new { n = 1 });
        long cursor = (await all.WaitForAsync(frame => Equals(frame.Body.GetValueOrDefault("rev"), before.Text("commit.rev")))).Seq!.Value;
        JsonElement second = await Alice.CreateAsync(new { n = 2 });

        await using FirehoseClient late = await Server.SubscribeAsync($"?cursor={cursor}");
        await late.WaitForCommitsAsync(Alice.Did.ToString(), 1);
        JsonElement third = await Alice.CreateAsync(new { n = 3 });
        IReadOnlyList<FirehoseFrame> heard = await late.WaitForCommitsAsync(Alice.Did.ToString(), 2);

        Assert.Multiple(() =>
        {
            Assert.That(late.Frames[0].Seq, Is.GreaterThan(cursor), "no event twice and no #info");
            Assert.That(heard.Select(frame => frame.Body["rev"]), Is.EqualTo(new[] { second.Text("commit.rev"), third.Text("commit.rev") }));
        });
    }

    [Test]
    public async Task Subscribe_FromMemoryOrFromTheBeginning_HearsTheSameBytes()
    {
        await using FirehoseClient live = await Server.SubscribeAsync("?cursor=0");
        for (int i = 0; i < 5; i++)
        {
            await Alice.CreateAsync(new { i });
        }

        IReadOnlyList<FirehoseFrame> heard = await live.WaitForCommitsAsync(Alice.Did.ToString(), 6);
        await using FirehoseClient again = await Server.SubscribeAsync("?cursor=0");
        IReadOnlyList<FirehoseFrame> reheard = await again.WaitForCommitsAsync(Alice.Did.ToString(), 6);

        Assert.That(reheard.Select(frame => Convert.ToHexString(frame.Bytes)), Is.EqualTo(heard.Select(frame => Convert.ToHexString(frame.Bytes))));
        Assert.That(heard.Select(frame => frame.MessageType), Is.All.EqualTo(WebSocketMessageType.Binary));
        Assert.That(Convert.ToHexStringLower(heard[0].Bytes.AsSpan(0, 15)), Is.EqualTo("a2617467" + "23636f6d6d6974" + "626f7001"));
    }

    [TestCase("1000000", "FutureCursor")]
    [TestCase("abc", "InvalidRequest")]
    [TestCase("1.5", "InvalidRequest")]
    [TestCase("9007199254740992", "InvalidRequest")]
    [TestCase("1&cursor=2", "InvalidRequest")]
    public async Task Subscribe_WhenTheCursorIsRefused_GetsAnErrorFrameAndAClose(string cursor, string error)
    {
        await using FirehoseClient client = await Server.SubscribeAsync($"?cursor={cursor}");

        await client.WaitForCloseAsync();

        Assert.Multiple(() =>
        {
            Assert.That(client.Frames, Has.Count.EqualTo(1));
            Assert.That(Convert.ToHexStringLower(client.Frames[0].Bytes.AsSpan(0, 5)), Is.EqualTo("a1626f7020"));
            Assert.That(client.Frames[0].Body["error"], Is.EqualTo(error));
            Assert.That(client.CloseStatus, Is.EqualTo(WebSocketCloseStatus.PolicyViolation));
            Assert.That(client.CloseReason, Is.EqualTo(error));
        });
    }

    [TestCase("-1")]
    [TestCase("-9007199254740991")]
    public async Task Subscribe_WithANegativeCursor_HearsEverythingFromTheStart(string cursor)
    {
        await using RepoServer server = await RepoServer.StartAsync();
        RepoClient alice = await server.CreateAccountAsync();
        await alice.CreateAsync(new { n = 1 });

        await using FirehoseClient client = await server.SubscribeAsync($"?cursor={cursor}");
        await client.WaitForCommitsAsync(alice.Did.ToString(), 2);

        Assert.That(client.Events.First().Seq, Is.EqualTo(1));
        Assert.That(client.Frames.Any(frame => frame.IsError || frame.Type == "#info"), Is.False);
    }

    [TestCase("?cursor=")]
    [TestCase("?other=1")]
    public async Task Subscribe_WithAnEmptyCursor_IsLive(string query)
    {
        await using FirehoseClient client = await Server.SubscribeAsync(query);

        await WriteUntilHeardAsync(client);

        Assert.That(client.Frames.Any(frame => frame.IsError), Is.False);
    }

    [Test]
    public async Task Subscribe_WithoutAWebSocket_AnswersUpgradeRequired()
    {
        HttpResponseMessage get = await Server.GetAsync(Method);
        HttpResponseMessage post = await Server.Http.PostAsync($"/xrpc/{Method}", null);

        await get.ShouldBeXrpcErrorAsync(HttpStatusCode.UpgradeRequired, "UpgradeRequired");
        Assert.That(get.Headers.Upgrade.ToString(), Is.EqualTo("websocket"));
        await post.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
    }

    [Test]
    public async Task Subscribe_WhenTheSubscriberTalks_DoesNotListen()
    {
        await using FirehoseClient client = await Server.SubscribeAsync();

        await client.Socket.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        await client.Socket.SendAsync(new byte[100_000], WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);

        await WriteUntilHeardAsync(client);
    }

    [Test]
    public async Task Subscribe_WhenTheSubscriberLeaves_IsToldGoodbye()
    {
        await using FirehoseClient client = await Server.SubscribeAsync();

        await client.Socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "enough", CancellationToken.None);
        await client.WaitForCloseAsync();

        Assert.That(client.CloseStatus, Is.EqualTo(WebSocketCloseStatus.NormalClosure));
    }

    [Test]
    public async Task Subscribe_WhenTheServerStops_IsToldThatItGoesAway()
    {
        await using RepoServer server = await RepoServer.StartAsync();
        await using FirehoseClient client = await server.SubscribeAsync();

        server.Stop();
        await client.WaitForCloseAsync();

        Assert.That(client.CloseStatus, Is.EqualTo(WebSocketCloseStatus.EndpointUnavailable));
    }

    [Test]
    public async Task Subscribe_WhenTheCursorIsOlderThanTheWindow_IsToldSoAndStartsWithTheWindow()
    {
        var time = new ManualTime();
        await using RepoServer server = await RepoServer.StartAsync(
            options => options.Firehose.BackfillWindow = TimeSpan.FromMinutes(10),
            services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(time)));
        RepoClient alice = await server.CreateAccountAsync();
        await alice.CreateAsync(new { n = 1 });
        time.Advance(TimeSpan.FromMinutes(30));
        JsonElement recent = await alice.CreateAsync(new { n = 2 });

        await using FirehoseClient outdated = await server.SubscribeAsync("?cursor=0");
        await outdated.WaitForCommitsAsync(alice.Did.ToString(), 1);
        await using FirehoseClient current = await server.SubscribeAsync("?cursor=5");
        await current.WaitForCommitsAsync(alice.Did.ToString(), 1);

        Assert.Multiple(() =>
        {
            Assert.That(outdated.Frames[0].Type, Is.EqualTo("#info"));
            Assert.That(outdated.Frames[0].Body["name"], Is.EqualTo("OutdatedCursor"));
            Assert.That(outdated.Frames[0].Seq, Is.Null);
            Assert.That(outdated.Frames[1].Body["rev"], Is.EqualTo(recent.Text("commit.rev")));
            Assert.That(current.Frames[0].Body["rev"], Is.EqualTo(recent.Text("commit.rev")));
        });
    }

    // Pitfall C 55.
    [Test]
    public async Task Subscribe_WhenALiveSubscriberDoesNotRead_IsToldThatItIsTooSlow()
    {
        await using RepoServer server = await RepoServer.StartAsync(options => options.Firehose.MaxSubscriptionBuffer = 20);
        RepoClient alice = await server.CreateAccountAsync();
        await using FirehoseClient slow = await server.SubscribeAsync();
        await alice.CreateAsync(new { n = 0 });
        await slow.WaitForCommitsAsync(alice.Did.ToString(), 1);
        await slow.PauseAsync();

        for (int i = 0; i < 60; i++)
        {
            await alice.CreateAsync(new { i, text = new string('x', 500_000) });
        }

        slow.Resume();
        await slow.WaitForCloseAsync();

        Assert.Multiple(() =>
        {
            Assert.That(slow.Frames[^1].IsError, Is.True);
            Assert.That(slow.Frames[^1].Body["error"], Is.EqualTo("ConsumerTooSlow"));
            Assert.That(slow.CloseStatus, Is.EqualTo(WebSocketCloseStatus.PolicyViolation));
            Assert.That(slow.Commits(alice.Did.ToString()).Count(), Is.LessThan(60));
        });
    }

    // Pitfall M 208.
    [Test]
    public async Task Subscribe_WhenManyDoNotRead_TheyAreCutOffAndWhoReadsHearsAll()
    {
        await using RepoServer server = await RepoServer.StartAsync(options => options.Firehose.MaxSubscriberBytes = 16 * 1024 * 1024);
        RepoClient alice = await server.CreateAccountAsync();
        for (int i = 0; i < 24; i++)
        {
            await alice.CreateAsync(new { i, text = new string('x', 900_000) });
        }

        List<FirehoseClient> silent = [];
        try
        {
            for (int i = 0; i < 12; i++)
            {
                silent.Add(await server.SubscribeAsync("?cursor=0"));
                await silent[^1].PauseAsync();
            }

            await using FirehoseClient reading = await server.SubscribeAsync("?cursor=0");
            await reading.WaitForCommitsAsync(alice.Did.ToString(), 25);

            Assert.That(reading.Frames.Any(frame => frame.IsError), Is.False);
        }
        finally
        {
            foreach (FirehoseClient client in silent)
            {
                client.Resume();
                await client.DisposeAsync();
            }
        }
    }

    [Test]
    public async Task Subscribe_WhenThereAreAsManyAsThereMayBe_IsRefused()
    {
        await using RepoServer server = await RepoServer.StartAsync(options => options.Firehose.MaxSubscribers = 1);
        await using FirehoseClient first = await server.SubscribeAsync();

        WebSocketException refusal = Assert.CatchAsync<WebSocketException>(() => server.SubscribeAsync())!;

        Assert.That(refusal.Message, Does.Contain("503"));
    }

    [Test]
    public async Task Subscribe_WhenCatchingUp_MayTakeItsTime()
    {
        await using RepoServer server = await RepoServer.StartAsync(options => options.Firehose.MaxSubscriptionBuffer = 5);
        RepoClient alice = await server.CreateAccountAsync();
        for (int i = 0; i < 30; i++)
        {
            await alice.CreateAsync(new { i, text = new string('x', 500_000) });
        }

        await using FirehoseClient slow = await server.SubscribeAsync("?cursor=0");
        await slow.PauseAsync();
        for (int i = 0; i < 30; i++)
        {
            await alice.CreateAsync(new { i });
        }

        slow.Resume();
        await slow.WaitForCommitsAsync(alice.Did.ToString(), 61);

        Assert.That(slow.Frames.Any(frame => frame.IsError), Is.False);
    }

    /// <summary>A subscription is live some time after the handshake; so writes until one is heard.</summary>
    private async Task<JsonElement> WriteUntilHeardAsync(FirehoseClient client)
    {
        JsonElement written = await Alice.CreateAsync(new { });
        Task<FirehoseFrame> heard = client.WaitForAsync(frame => frame.Seq is not null);
        while (await Task.WhenAny(heard, Task.Delay(TimeSpan.FromSeconds(1))) != heard)
        {
            written = await Alice.CreateAsync(new { });
        }

        await heard;
        return written;
    }
}
