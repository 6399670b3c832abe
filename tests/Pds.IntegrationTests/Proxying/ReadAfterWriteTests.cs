using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Pds.IntegrationTests.Proxying;

/// <summary>Answers of an AppView that has not seen yet what Alice wrote.</summary>
internal sealed class ReadAfterWriteTests : ProxyTest
{
    private const string Picture = "bafkreie6pf22hrd5wcv3kovxyvrsoglexsn3ldyhkunzh6f6e6hbaexmiu";
    private const string Root = "at://did:web:bob.example.com/app.bsky.feed.post/root";

    private string _rev = "";
    private JsonObject _picture = [];

    protected override IReadOnlyDictionary<string, string?> Variables => new Dictionary<string, string?>(StringComparer.Ordinal)
    {
        ["PDS_BSKY_APP_VIEW_CDN_URL_PATTERN"] = "https://cdn.example.com/%s/%s/%s@jpeg",
    };

    /// <summary>The AppView has seen this record, and nothing after it.</summary>
    [SetUp]
    public async Task WriteWhatTheAppViewKnowsAsync()
    {
        ByteArrayContent content = new(Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="));
        content.Headers.TryAddWithoutValidation("Content-Type", "image/png");
        _picture = (await (await SendAsync(HttpMethod.Post, "/xrpc/com.atproto.repo.uploadBlob", content)).ShouldBeJsonAsync())["blob"]!.AsObject();
        _rev = (await Alice.CreateRecordAsync())["commit"]!["rev"]!.GetValue<string>();
    }

    // Pitfall D 80.
    [Test]
    public async Task Profile_AfterAChange_IsTheChangedOne()
    {
        await PutProfileAsync(new JsonObject { ["displayName"] = "Alice é", ["avatar"] = Blob() });
        Answer("app.bsky.actor.getProfile", new JsonObject { ["did"] = Alice.Did.ToString(), ["handle"] = "alice.test", ["displayName"] = "Old", ["description"] = "old", ["banner"] = "x", ["followersCount"] = 3 });

        HttpResponseMessage response = await Alice.GetAsync("app.bsky.actor.getProfile", ("actor", Alice.Did));

        JsonNode profile = await response.ShouldBeJsonAsync();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(profile["displayName"]!.GetValue<string>(), Is.EqualTo("Alice é"));
            Assert.That(profile["avatar"]!.GetValue<string>(), Is.EqualTo(Image("avatar")));
            Assert.That((profile["description"], profile["banner"]), Is.EqualTo(((JsonNode?)null, (JsonNode?)null)));
            Assert.That(profile["followersCount"]!.GetValue<int>(), Is.EqualTo(3));
            Assert.That(int.Parse(HeaderOf(response, "Atproto-Upstream-Lag")!), Is.InRange(0, 60_000));
            Assert.That(HeaderOf(response, "Atproto-Repo-Rev"), Is.EqualTo(_rev));
            Assert.That(HeaderOf(response, "Atproto-Content-Labelers"), Is.EqualTo("did:web:l.example.com"));
            Assert.That(HeaderOf(response, "Content-Type"), Is.EqualTo("application/json; charset=utf-8"));
        }
    }

    [Test]
    public async Task Profiles_AfterAChange_HaveTheChangedOneAmongThem()
    {
        await PutProfileAsync(new JsonObject { ["displayName"] = "New" });
        Answer("app.bsky.actor.getProfiles", new JsonObject { ["profiles"] = new JsonArray(Author("did:web:bob.example.com", "Bob"), Author(Alice.Did.ToString(), "Old")) });

        JsonNode body = await (await Alice.GetAsync("app.bsky.actor.getProfiles", ("actors", Alice.Did))).ShouldBeJsonAsync();

        Assert.That(body["profiles"]!.AsArray().Select(profile => profile!["displayName"]!.GetValue<string>()), Is.EqualTo(new[] { "Bob", "New" }));
    }

    [Test]
    public async Task Likes_AfterAChangeOfTheProfile_ShowItOnOwnPosts()
    {
        await PutProfileAsync(new JsonObject { ["displayName"] = "New" });
        Answer("app.bsky.feed.getActorLikes", Feed(Item("did:web:bob.example.com", "1", 0), Item(Alice.Did.ToString(), "2", 0)));

        JsonNode body = await (await Alice.GetAsync("app.bsky.feed.getActorLikes", ("actor", Alice.Did))).ShouldBeJsonAsync();

        Assert.That(body["feed"]!.AsArray().Select(item => item!["post"]!["author"]!["displayName"]!.GetValue<string>()), Is.EqualTo(new[] { "Old", "New" }));
    }

    [Test]
    public async Task Timeline_AfterAPost_HasItInItsPlace()
    {
        string first = await PostAsync("first");
        string second = await PostAsync("second");
        Answer("app.bsky.feed.getTimeline", Feed(Item("did:web:bob.example.com", "future", 3600), Item("did:web:bob.example.com", "past", -3600)));

        JsonNode body = await (await Alice.GetAsync("app.bsky.feed.getTimeline")).ShouldBeJsonAsync();

        JsonArray feed = body["feed"]!.AsArray();
        Assert.That(feed.Select(item => item!["post"]!["uri"]!.GetValue<string>().Split('/')[^1]), Is.EqualTo(new[] { "future", second.Split('/')[^1], first.Split('/')[^1], "past" }));
        JsonNode post = feed[1]!["post"]!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(post["author"]!["handle"]!.GetValue<string>(), Is.EqualTo(Alice.Handle.ToString()));
            Assert.That(post["record"]!["text"]!.GetValue<string>(), Is.EqualTo("second"));
            Assert.That(new[] { "likeCount", "replyCount", "repostCount", "quoteCount" }.Select(name => post[name]!.GetValue<int>()), Is.All.Zero);
        }
    }

    [Test]
    public async Task AuthorFeed_OfOneself_HasNewPostsAndTheChangedProfile()
    {
        await PostAsync("new");
        await PutProfileAsync(new JsonObject { ["displayName"] = "New" });
        Answer("app.bsky.feed.getAuthorFeed", Feed(Item(Alice.Did.ToString(), "old", -3600)));

        JsonNode body = await (await Alice.GetAsync("app.bsky.feed.getAuthorFeed", ("actor", Alice.Did))).ShouldBeJsonAsync();

        Assert.That(body["feed"]!.AsArray().Select(item => item!["post"]!["author"]!["displayName"]!.GetValue<string>()), Is.EqualTo(new[] { "New", "New" }));
    }

    [Test]
    public async Task Embeds_OfANewPost_AreShown()
    {
        AppView.Answer("app.bsky.feed.getPosts", """{"posts":[{"uri":"at://did:web:bob.example.com/app.bsky.feed.post/q","cid":"c","author":{"did":"did:web:bob.example.com","handle":"bob.example.com"},"record":{"text":"quoted"},"indexedAt":"2024-01-01T00:00:00Z"}]}""");
        JsonObject images = new() { ["$type"] = "app.bsky.embed.images", ["images"] = new JsonArray(new JsonObject { ["image"] = Blob(), ["alt"] = "a cat" }) };
        JsonObject quote(string uri) => new() { ["$type"] = "app.bsky.embed.record", ["record"] = new JsonObject { ["uri"] = uri, ["cid"] = Picture } };
        await PostAsync("images", images.DeepClone());
        await PostAsync("external", new JsonObject { ["$type"] = "app.bsky.embed.external", ["external"] = new JsonObject { ["uri"] = "https://example.com", ["title"] = "t", ["description"] = "d", ["thumb"] = Blob() } });
        await PostAsync("quote", quote("at://did:web:bob.example.com/app.bsky.feed.post/q"));
        await PostAsync("missing", quote("at://did:web:bob.example.com/app.bsky.labeler.service/self"));
        await PostAsync("both", new JsonObject { ["$type"] = "app.bsky.embed.recordWithMedia", ["record"] = quote("at://did:web:bob.example.com/app.bsky.feed.post/q"), ["media"] = images.DeepClone() });
        Answer("app.bsky.feed.getTimeline", Feed());

        JsonNode body = await (await Alice.GetAsync("app.bsky.feed.getTimeline")).ShouldBeJsonAsync();

        JsonNode[] embeds = [.. body["feed"]!.AsArray().Reverse().Select(item => item!["post"]!["embed"]!)];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(embeds.Select(embed => embed["$type"]!.GetValue<string>().Split('.')[^1]), Is.EqualTo(new[] { "images#view", "external#view", "record#view", "record#view", "recordWithMedia#view" }));
            Assert.That(embeds[0]["images"]![0]!["thumb"]!.GetValue<string>(), Is.EqualTo(Image("feed_thumbnail")));
            Assert.That(embeds[0]["images"]![0]!["fullsize"]!.GetValue<string>(), Is.EqualTo(Image("feed_fullsize")));
            Assert.That(embeds[1]["external"]!["thumb"]!.GetValue<string>(), Is.EqualTo(Image("feed_thumbnail")));
            Assert.That(embeds[2]["record"]!["value"]!["text"]!.GetValue<string>(), Is.EqualTo("quoted"));
            Assert.That(embeds[3]["record"]!["notFound"]!.GetValue<bool>(), Is.True);
            Assert.That(embeds[4]["record"]!["record"]!["$type"]!.GetValue<string>(), Is.EqualTo("app.bsky.embed.record#viewRecord"));
        }
    }

    [TestCase("app.bsky.feed.getTimeline")]
    [TestCase("app.bsky.feed.getAuthorFeed")]
    [TestCase("app.bsky.feed.getActorLikes")]
    public async Task Feed_AfterALike_ShowsThePostAsLiked(string method)
    {
        string like = await LikeAsync(Root);
        JsonNode item = Item("did:web:bob.example.com", "root", -60);
        item["post"]!["likeCount"] = 7;
        item["post"]!["viewer"] = new JsonObject { ["threadMuted"] = false };
        Answer(method, Feed(Item("did:web:bob.example.com", "other", -30), item));

        JsonNode body = await (await Alice.GetAsync(method, ("actor", "did:web:bob.example.com"))).ShouldBeJsonAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(body["feed"]![1]!["post"]!["viewer"]!.ToJsonString(), Is.EqualTo($$"""{"threadMuted":false,"like":"{{like}}"}"""));
            Assert.That((int?)body["feed"]![1]!["post"]!["likeCount"], Is.EqualTo(8));
            Assert.That(body["feed"]![0]!["post"]!["viewer"], Is.Null);
        }
    }

    [Test]
    public async Task Likes_AfterALike_HaveThePostFirst()
    {
        string like = await LikeAsync(Root);
        AppView.Answer("app.bsky.feed.getPosts", $$"""{"posts":[{"uri":"{{Root}}","cid":"c","author":{"did":"did:web:bob.example.com"},"record":{},"likeCount":1,"indexedAt":"2024-01-01T00:00:00Z"}]}""");
        Answer("app.bsky.feed.getActorLikes", Feed(Item("did:web:bob.example.com", "older", -60)));

        JsonNode first = await (await Alice.GetAsync("app.bsky.feed.getActorLikes", ("actor", Alice.Did))).ShouldBeJsonAsync();
        JsonNode second = await (await Alice.GetAsync("app.bsky.feed.getActorLikes", ("actor", Alice.Did), ("cursor", "c"))).ShouldBeJsonAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(first["feed"]!.AsArray().Select(item => ((string?)item!["post"]!["uri"])!.Split('/')[^1]), Is.EqualTo(new[] { "root", "older" }));
            Assert.That(((string?)first["feed"]![0]!["post"]!["viewer"]!["like"], (int?)first["feed"]![0]!["post"]!["likeCount"]), Is.EqualTo((like, (int?)2)));
            Assert.That(second["feed"]!.AsArray(), Has.Count.EqualTo(1));
        }
    }

    [Test]
    public async Task Thread_AfterLikes_ShowsThemOnEveryPostOfIt()
    {
        string[] posts = [Root, "at://did:web:bob.example.com/app.bsky.feed.post/parent", "at://did:web:bob.example.com/app.bsky.feed.post/reply"];
        List<string> likes = [];
        foreach (string post in posts)
        {
            likes.Add(await LikeAsync(post));
        }

        JsonObject thread = Thread(Root, Thread(posts[2]));
        thread["parent"] = Thread(posts[1]);
        Answer("app.bsky.feed.getPostThread", new JsonObject { ["thread"] = thread });

        JsonNode body = (await (await Alice.GetAsync("app.bsky.feed.getPostThread", ("uri", Root))).ShouldBeJsonAsync())["thread"]!;

        JsonNode[] shown = [body, body["parent"]!, body["replies"]![0]!];
        Assert.That(shown.Select(node => (string?)node["post"]!["viewer"]!["like"]), Is.EqualTo(likes));
    }

    /// <summary>What the AppView says of a like stands.</summary>
    [Test]
    public async Task Timeline_WhenTheLikeIsKnown_IsPassedByteForByte()
    {
        await LikeAsync(Root);
        JsonNode item = Item("did:web:bob.example.com", "root", -60);
        item["post"]!["viewer"] = new JsonObject { ["like"] = "at://another" };
        JsonObject feed = Feed(item);
        Answer("app.bsky.feed.getTimeline", feed);

        Assert.That(await (await Alice.GetAsync("app.bsky.feed.getTimeline")).Content.ReadAsStringAsync(), Is.EqualTo(feed.ToJsonString()));
    }

    [Test]
    public async Task Thread_AfterAReply_HasItFirst()
    {
        string reply = await PostAsync("reply", replyTo: (Root, Root));
        string nested = await PostAsync("nested", replyTo: (Root, reply));
        Answer("app.bsky.feed.getPostThread", new JsonObject { ["thread"] = Thread(Root, Thread("at://did:web:bob.example.com/app.bsky.feed.post/other")) });

        JsonNode body = await (await Alice.GetAsync("app.bsky.feed.getPostThread", ("uri", Root))).ShouldBeJsonAsync();

        JsonArray replies = body["thread"]!["replies"]!.AsArray();
        Assert.That(replies.Select(node => node!["post"]!["uri"]!.GetValue<string>()), Is.EqualTo(new[] { reply, "at://did:web:bob.example.com/app.bsky.feed.post/other" }));
        Assert.That(replies[0]!["replies"]![0]!["post"]!["uri"]!.GetValue<string>(), Is.EqualTo(nested));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Thread_OfAPostThatTheAppViewDoesNotKnow_IsMadeHere(bool byHandle)
    {
        string post = await PostAsync("new", replyTo: (Root, Root));
        AppView.Answers["app.bsky.feed.getPostThread"] = async context =>
        {
            bool isParent = context.Request.Query["uri"] == Root;
            context.Response.StatusCode = isParent ? 200 : 400;
            context.Response.ContentType = "application/json";
            context.Response.Headers["Atproto-Repo-Rev"] = _rev;
            string answer = isParent ? new JsonObject { ["thread"] = Thread(Root) }.ToJsonString() : """{"error":"NotFound","message":"Post not found"}""";
            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(answer));
        };
        string asked = byHandle ? post.Replace(Alice.Did.ToString(), Alice.Handle.ToString(), StringComparison.Ordinal) : post;

        HttpResponseMessage response = await Alice.GetAsync("app.bsky.feed.getPostThread", ("uri", asked), ("parentHeight", 5));

        JsonNode thread = (await response.ShouldBeJsonAsync())["thread"]!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(thread["post"]!["uri"]!.GetValue<string>(), Is.EqualTo(post));
            Assert.That(thread["parent"]!["post"]!["uri"]!.GetValue<string>(), Is.EqualTo(Root));
            Assert.That(AppView.TakeSeen()[^1].Target, Does.Contain("depth=0&parentHeight=5"));
        }
    }

    [Test]
    public async Task Thread_OfSomebodyElsesMissingPost_StaysMissing()
    {
        await PostAsync("new");
        AppView.Answer("app.bsky.feed.getPostThread", """{"error":"NotFound","message":"Post not found"}""", 400, ("Atproto-Repo-Rev", _rev));

        await (await Alice.GetAsync("app.bsky.feed.getPostThread", ("uri", Root))).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "NotFound");
    }

    [TestCase("gzip")]
    [TestCase("br")]
    [TestCase("deflate")]
    public async Task Timeline_WhenItIsCompressed_IsCompletedAllTheSame(string coding)
    {
        await PostAsync("new");
        byte[] packed = Pack(Encoding.UTF8.GetBytes(Feed().ToJsonString()), coding);
        AppView.Answers["app.bsky.feed.getTimeline"] = async context =>
        {
            context.Response.ContentType = "application/json";
            context.Response.Headers["Atproto-Repo-Rev"] = _rev;
            context.Response.Headers.ContentEncoding = coding;
            await context.Response.Body.WriteAsync(packed);
        };

        HttpResponseMessage response = await SendAsync(HttpMethod.Get, "/xrpc/app.bsky.feed.getTimeline", null, ("Accept-Encoding", coding));

        Assert.That((await response.ShouldBeJsonAsync())["feed"]!.AsArray(), Has.Count.EqualTo(1));
        Assert.That(response.Content.Headers.ContentEncoding, Is.Empty);
    }

    [TestCase("""{ "feed" : [ ], "n": 1.50, "t": "\u00e9" }""", false, TestName = "Answer_WithoutLocalChanges_IsPassedByteForByte")]
    [TestCase("""{ "feed" : "none" }""", true, TestName = "Answer_OfAnotherShape_IsPassedByteForByte")]
    [TestCase("""{ "feed" : [ {"post": {"uri": "x", "indexedAt": "never"}} ] }""", true, TestName = "Answer_WithoutATime_IsPassedByteForByte")]
    [TestCase("{ not json", true, TestName = "Answer_ThatIsNoJson_IsPassedByteForByte")]
    [TestCase("[]", true, TestName = "Answer_ThatIsNoObject_IsPassedByteForByte")]
    public async Task Answer_OnAnyDoubt_IsPassedByteForByte(string body, bool hasChanges)
    {
        if (hasChanges)
        {
            await PostAsync("new");
        }

        AppView.Answer("app.bsky.feed.getTimeline", body, 200, ("Atproto-Repo-Rev", _rev));

        HttpResponseMessage response = await Alice.GetAsync("app.bsky.feed.getTimeline");

        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo(body));
        Assert.That(HeaderOf(response, "Atproto-Upstream-Lag"), Is.Null);
    }

    private static IEnumerable<TestCaseData> TooMuch()
    {
        yield return new TestCaseData(Fill("\"x\"", 2 * 1024 * 1024)).SetArgDisplayNames("bytes");
        yield return new TestCaseData(Fill("1,1,1,1", 500_000)).SetArgDisplayNames("tokens");
        yield return new TestCaseData($$"""{"feed":[],"n":{{new string('[', 300)}}{{new string(']', 300)}}}""").SetArgDisplayNames("depth");

        static string Fill(string item, int bytes) => $$"""{"feed":[],"n":[{{string.Join(',', Enumerable.Repeat(item, bytes / item.Length))}}]}""";
    }

    // Pitfall M 208.
    [TestCaseSource(nameof(TooMuch))]
    public async Task Answer_WhenThereIsTooMuchOfIt_IsPassedByteForByte(string body)
    {
        await PostAsync("new");
        AppView.Answer("app.bsky.feed.getTimeline", body, 200, ("Atproto-Repo-Rev", _rev));

        HttpResponseMessage response = await Alice.GetAsync("app.bsky.feed.getTimeline");

        Assert.That(await response.Content.ReadAsStringAsync() == body, Is.True);
        Assert.That(HeaderOf(response, "Atproto-Upstream-Lag"), Is.Null);
    }

    [Test]
    public async Task Answer_ThatUnpacksToTooMuch_IsPassedByteForByte()
    {
        await PostAsync("new");
        byte[] packed = Pack(Encoding.UTF8.GetBytes($$"""{"feed":[],"n":"{{new string('x', 20_000_000)}}"}"""), "gzip");
        AppView.Answers["app.bsky.feed.getTimeline"] = async context =>
        {
            context.Response.ContentType = "application/json";
            context.Response.Headers["Atproto-Repo-Rev"] = _rev;
            context.Response.Headers.ContentEncoding = "gzip";
            await context.Response.Body.WriteAsync(packed);
        };

        HttpResponseMessage response = await SendAsync(HttpMethod.Get, "/xrpc/app.bsky.feed.getTimeline", null, ("Accept-Encoding", "gzip"));

        Assert.That(await response.Content.ReadAsByteArrayAsync(), Is.EqualTo(packed));
        Assert.That(HeaderOf(response, "Content-Encoding"), Is.EqualTo("gzip"));
    }

    [Test]
    public async Task Answer_OfAnotherServiceThanTheAppView_IsPassedByteForByte()
    {
        await PostAsync("new");
        string body = Feed().ToJsonString();
        AppView.Answer("app.bsky.feed.getTimeline", body, 200, ("Atproto-Repo-Rev", _rev));

        HttpResponseMessage response = await SendAsync(HttpMethod.Get, "/xrpc/app.bsky.feed.getTimeline", null, ("atproto-proxy", $"{AppView.Did}#bsky_notif"));

        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo(body));
        Assert.That(HeaderOf(response, "Atproto-Upstream-Lag"), Is.Null);
    }

    // Pitfall D 81.
    [TestCase("2222222222222")]
    [TestCase("no-tid")]
    [TestCase(null)]
    public async Task Answer_WhenItsRevisionIsOfNoUse_IsPassedByteForByte(string? rev)
    {
        await PostAsync("new");
        string body = Feed().ToJsonString();
        AppView.Answer("app.bsky.feed.getTimeline", body, 200, rev is null ? [] : [("Atproto-Repo-Rev", rev)]);

        Assert.That(await (await Alice.GetAsync("app.bsky.feed.getTimeline")).Content.ReadAsStringAsync(), Is.EqualTo(body));
    }

    [Test]
    public async Task AuthorFeed_OfSomebodyElse_IsLeftAlone()
    {
        await PostAsync("new");
        JsonObject feed = Feed(Item("did:web:bob.example.com", "1", -60));
        Answer("app.bsky.feed.getAuthorFeed", feed);

        Assert.That(await (await Alice.GetAsync("app.bsky.feed.getAuthorFeed", ("actor", "did:web:bob.example.com"))).Content.ReadAsStringAsync(), Is.EqualTo(feed.ToJsonString()));
    }

    [Test]
    public async Task Timeline_AfterManyWrites_TakesTheOldestTenOnly()
    {
        for (int i = 0; i < 12; i++)
        {
            await PostAsync($"post {i}");
        }

        Answer("app.bsky.feed.getTimeline", Feed());

        JsonNode body = await (await Alice.GetAsync("app.bsky.feed.getTimeline")).ShouldBeJsonAsync();

        Assert.That(body["feed"]!.AsArray().Select(item => item!["post"]!["record"]!["text"]!.GetValue<string>()), Is.EqualTo(Enumerable.Range(0, 10).Reverse().Select(i => $"post {i}")));
    }

    [Test]
    public async Task Timeline_AfterRecordsOfMegabytes_IsLeftAlone()
    {
        for (int i = 0; i < 3; i++)
        {
            await Alice.CreateRecordAsync(record: new JsonObject { ["$type"] = "com.example.note", ["text"] = new string('a', 900_000) });
        }

        await PostAsync("after them");
        Answer("app.bsky.feed.getTimeline", Feed());

        JsonNode body = await (await Alice.GetAsync("app.bsky.feed.getTimeline")).ShouldBeJsonAsync();

        Assert.That(body["feed"]!.AsArray(), Is.Empty);
    }

    [TestCase("identity;q=0", HttpStatusCode.NotAcceptable)]
    [TestCase("*;q=0", HttpStatusCode.NotAcceptable)]
    [TestCase("zstd", HttpStatusCode.OK)]
    public async Task Timeline_WhenNoEncodingSuits_AnswersNotAcceptable(string accepted, HttpStatusCode status)
    {
        Answer("app.bsky.feed.getTimeline", Feed());

        HttpResponseMessage response = await SendAsync(HttpMethod.Get, "/xrpc/app.bsky.feed.getTimeline", null, ("Accept-Encoding", accepted));

        Assert.That(response.StatusCode, Is.EqualTo(status));
    }

    private void Answer(string method, JsonObject body) =>
        AppView.Answer(method, body.ToJsonString(), 200, ("Atproto-Repo-Rev", _rev), ("Atproto-Content-Labelers", "did:web:l.example.com"));

    private async Task PutProfileAsync(JsonObject profile)
    {
        profile["$type"] = "app.bsky.actor.profile";
        JsonObject input = new() { ["repo"] = Alice.Did.ToString(), ["collection"] = "app.bsky.actor.profile", ["rkey"] = "self", ["validate"] = false, ["record"] = profile };
        await (await Alice.PostAsync("com.atproto.repo.putRecord", input)).ShouldBeJsonAsync();
    }

    private async Task<string> LikeAsync(string post)
    {
        JsonObject like = new() { ["$type"] = "app.bsky.feed.like", ["subject"] = new JsonObject { ["uri"] = post, ["cid"] = Picture }, ["createdAt"] = "2024-01-01T00:00:00Z" };
        return (string)(await Alice.CreateRecordAsync("app.bsky.feed.like", like))["uri"]!;
    }

    private async Task<string> PostAsync(string text, JsonNode? embed = null, (string Root, string Parent)? replyTo = null)
    {
        JsonObject record = new() { ["$type"] = "app.bsky.feed.post", ["text"] = text, ["createdAt"] = "2024-01-01T00:00:00Z" };
        if (embed is not null)
        {
            record["embed"] = embed;
        }

        if (replyTo is var (root, parent))
        {
            record["reply"] = new JsonObject { ["root"] = new JsonObject { ["uri"] = root, ["cid"] = Picture }, ["parent"] = new JsonObject { ["uri"] = parent, ["cid"] = Picture } };
        }

        JsonObject input = new() { ["repo"] = Alice.Did.ToString(), ["collection"] = "app.bsky.feed.post", ["validate"] = false, ["record"] = record };
        return (await (await Alice.PostAsync("com.atproto.repo.createRecord", input)).ShouldBeJsonAsync())["uri"]!.GetValue<string>();
    }

    private string Image(string preset) => $"https://cdn.example.com/{preset}/{Alice.Did}/{_picture["ref"]!["$link"]}@jpeg";

    private JsonObject Blob() => _picture.DeepClone().AsObject();

    private static JsonObject Author(string did, string name) => new() { ["did"] = did, ["handle"] = "x.test", ["displayName"] = name };

    private static JsonObject Feed(params JsonNode[] items) => new() { ["cursor"] = "c", ["feed"] = new JsonArray(items) };

    private static JsonObject Item(string did, string key, int seconds) => new()
    {
        ["post"] = new JsonObject
        {
            ["uri"] = $"at://{did}/app.bsky.feed.post/{key}",
            ["author"] = Author(did, "Old"),
            ["record"] = new JsonObject(),
            ["indexedAt"] = DateTimeOffset.UtcNow.AddSeconds(seconds).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture),
        },
    };

    private static JsonObject Thread(string uri, params JsonNode[] replies) => new()
    {
        ["$type"] = "app.bsky.feed.defs#threadViewPost",
        ["post"] = new JsonObject { ["uri"] = uri, ["record"] = new JsonObject { ["text"] = "x" } },
        ["replies"] = new JsonArray(replies),
    };

    private static byte[] Pack(byte[] plain, string coding)
    {
        using MemoryStream packed = new();
        using (Stream stream = coding switch
        {
            "gzip" => new GZipStream(packed, CompressionMode.Compress),
            "br" => new BrotliStream(packed, CompressionMode.Compress),
            _ => new ZLibStream(packed, CompressionMode.Compress),
        })
        {
            stream.Write(plain);
        }

        return packed.ToArray();
    }
}
