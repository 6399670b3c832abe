using System.Net;
using System.Text.Json;
using Pds.Domain.Accounts;

namespace Pds.IntegrationTests.Repositories;

internal sealed class CreateRecordTests : RepoTest
{
    private const string Method = "com.atproto.repo.createRecord";

    [Test]
    public async Task CreateRecord_WithoutKey_ChoosesATidAndAnswersUriCidAndCommit()
    {
        JsonElement answer = await Alice.CreateAsync(new { text = "hello" });

        JsonElement head = await Alice.HeadAsync();
        Assert.Multiple(() =>
        {
            Assert.That(answer.Names(), Is.EqualTo(new[] { "cid", "commit", "uri", "validationStatus" }));
            Assert.That(answer.Text("uri"), Does.Match($"^at://{Alice.Did}/com\\.example\\.thing/[2-7a-z]{{13}}$"));
            Assert.That(answer.Text("validationStatus"), Is.EqualTo("unknown"));
            Assert.That(answer.Text("commit.cid"), Is.EqualTo(head.Text("cid")));
            Assert.That(answer.Text("commit.rev"), Is.EqualTo(head.Text("rev")));
        });
    }

    // Pitfall I 164.
    [Test]
    public async Task CreateRecord_WithoutType_FillsItIn()
    {
        await Alice.CreateAsync(new { n = 1 }, "k");

        JsonElement read = await (await Alice.GetAsync($"com.atproto.repo.getRecord?repo={Alice.Did}&collection=com.example.thing&rkey=k")).ShouldAnswerAsync();
        Assert.That(read.Text("value.$type"), Is.EqualTo("com.example.thing"));
    }

    // Pitfall I 164.
    [Test]
    public async Task CreateRecord_WhenTypeIsNotTheCollection_IsRefused()
    {
        HttpResponseMessage response = await Alice.TryCreateAsync(new Dictionary<string, object> { ["$type"] = "com.example.other" });

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest", "Invalid $type: expected com.example.thing, got com.example.other");
    }

    [Test]
    public async Task CreateRecord_ByHandle_WritesToTheCallersRepository()
    {
        HttpResponseMessage response = await Alice.PostAsync(Method, new { repo = Alice.Handle.ToString(), collection = "com.example.thing", record = new { } });

        Assert.That((await response.ShouldAnswerAsync()).Text("uri"), Does.StartWith($"at://{Alice.Did}/"));
    }

    // Pitfall B 34.
    [Test]
    public async Task CreateRecord_WhenTheKeyIsTaken_IsRefused()
    {
        await Alice.CreateAsync(new { n = 1 }, "k");

        HttpResponseMessage response = await Alice.TryCreateAsync(new { n = 2 }, "k");

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
    }

    [Test]
    public async Task CreateRecord_InAnotherRepository_AnswersAuthenticationRequired()
    {
        RepoClient bob = await Server.CreateAccountAsync();

        HttpResponseMessage response = await Alice.PostAsync(Method, new { repo = bob.Did.ToString(), collection = "com.example.thing", record = new { } });

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "AuthenticationRequired");
    }

    [Test]
    public async Task CreateRecord_InAnUnknownRepository_AnswersAccountNotFound()
    {
        HttpResponseMessage response = await Alice.PostAsync(Method, new { repo = "did:web:nobody.test", collection = "com.example.thing", record = new { } });

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.Forbidden, "AccountNotFound");
    }

    [Test]
    public async Task CreateRecord_WithoutCredentials_AnswersAuthMissing()
    {
        using var content = new StringContent("{}", System.Text.Encoding.UTF8, "application/json");

        HttpResponseMessage response = await Server.Http.PostAsync($"/xrpc/{Method}", content);

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "AuthMissing");
    }

    [TestCase(AccountStatus.Deactivated, "AccountDeactivated")]
    [TestCase(AccountStatus.Takendown, "AccountTakedown")]
    public async Task CreateRecord_WhenTheAccountIsNotActive_IsRefused(AccountStatus status, string error)
    {
        await Server.SetStatusAsync(Alice.Did, status);

        HttpResponseMessage response = await Alice.TryCreateAsync(new { });

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, error);
    }

    [Test]
    public async Task CreateRecord_WhenSwapCommitIsTheHead_IsAccepted()
    {
        JsonElement first = await Alice.CreateAsync(new { n = 1 });

        JsonElement second = await Alice.CreateAsync(new { n = 2 }, swapCommit: first.Text("commit.cid"));

        Assert.That(string.CompareOrdinal(second.Text("commit.rev"), first.Text("commit.rev")), Is.Positive);
    }

    [Test]
    public async Task CreateRecord_WhenSwapCommitIsStale_AnswersInvalidSwap()
    {
        JsonElement stale = await Alice.CreateAsync(new { n = 1 });
        JsonElement head = await Alice.CreateAsync(new { n = 2 });

        HttpResponseMessage response = await Alice.TryCreateAsync(new { n = 3 }, swapCommit: stale.Text("commit.cid"));

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidSwap", $"Commit was at {head.Text("commit.cid")}");
    }

    // Pitfall I 163.
    [Test]
    public async Task CreateRecord_WhenValidationIsDemandedOfAnUnknownLexicon_IsRefused()
    {
        HttpResponseMessage response = await Alice.TryCreateAsync(new { }, validate: true);

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest", "Unknown lexicon type: com.example.thing");
    }

    [Test]
    public async Task CreateRecord_WhenValidationIsWaived_AnswersNoStatus()
    {
        JsonElement answer = await Alice.CreateAsync(new { }, validate: false);

        Assert.That(answer.Names(), Does.Not.Contain("validationStatus"));
    }

    // Pitfall I 162.
    [TestCase(null)]
    [TestCase(false)]
    public async Task CreateRecord_WithALegacyBlob_IsRefusedEvenUnvalidated(bool? validate)
    {
        var record = new { avatar = new { cid = "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku", mimeType = "image/png" } };

        HttpResponseMessage response = await Alice.TryCreateAsync(record, validate: validate);

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
    }

    [TestCase("a/b")]
    [TestCase(".")]
    [TestCase("..")]
    [TestCase("a b")]
    [TestCase("ключ")]
    public async Task CreateRecord_WhenTheKeyIsMalformed_IsRefused(string rkey)
    {
        HttpResponseMessage response = await Alice.TryCreateAsync(new { }, rkey);

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
    }

    [TestCase("app.bsky.graph.follow", """{"subject":"did:web:bob.test","createdAt":"2026-01-02T03:04:05.678Z"}""")]
    [TestCase("app.bsky.graph.block", """{"subject":"did:web:bob.test","createdAt":"2026-01-02T03:04:05.678Z"}""")]
    [TestCase("app.bsky.feed.like", """{"subject":{"uri":"at://did:web:bob.test/app.bsky.feed.post/k","cid":"bafyreiclp443lavogvhj3d2ob2cxbfuscni2k5jk7bebjzg7khl3esabwq"},"createdAt":"2026-01-02T03:04:05.678Z"}""")]
    [TestCase("app.bsky.feed.repost", """{"subject":{"uri":"at://did:web:bob.test/app.bsky.feed.post/k","cid":"bafyreiclp443lavogvhj3d2ob2cxbfuscni2k5jk7bebjzg7khl3esabwq"},"createdAt":"2026-01-02T03:04:05.678Z"}""")]
    public async Task CreateRecord_WhenItPointsWhereAnotherDoes_TakesItsPlace(string collection, string record)
    {
        JsonElement value = JsonElement.Parse(record);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Alice.CreateAsync(value, collection: collection)));

        JsonElement last = await Alice.CreateAsync(value, collection: collection);

        JsonElement list = await (await Alice.GetAsync($"com.atproto.repo.listRecords?repo={Alice.Did}&collection={collection}")).ShouldAnswerAsync();
        Assert.That(list.GetProperty("records").EnumerateArray().Select(item => item.Text("uri")), Is.EqualTo(new[] { last.Text("uri") }));
    }

    [Test]
    public async Task CreateRecord_WhenItPointsElsewhereOrIsNotValidated_ReplacesNothing()
    {
        await Alice.CreateAsync(new { subject = "did:web:bob.test", createdAt = "2026-01-02T03:04:05.678Z" }, collection: "app.bsky.graph.follow");
        await Alice.CreateAsync(new { subject = "did:web:bob.test.example", createdAt = "2026-01-02T03:04:05.678Z" }, collection: "app.bsky.graph.follow");
        await Alice.CreateAsync(new { subject = "did:web:bob.test", createdAt = "2026-01-02T03:04:05.678Z" }, collection: "app.bsky.graph.follow", validate: false);

        JsonElement list = await (await Alice.GetAsync($"com.atproto.repo.listRecords?repo={Alice.Did}&collection=app.bsky.graph.follow")).ShouldAnswerAsync();
        Assert.That(list.GetProperty("records").GetArrayLength(), Is.EqualTo(3));
    }
}
