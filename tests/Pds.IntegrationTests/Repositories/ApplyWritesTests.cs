using System.Net;
using System.Text.Json;

namespace Pds.IntegrationTests.Repositories;

internal sealed class ApplyWritesTests : RepoTest
{
    private const string Method = "com.atproto.repo.applyWrites";

    [Test]
    public async Task ApplyWrites_OfAllKinds_MakesOneCommitAndAnswersInOrder()
    {
        await Alice.CreateAsync(new { n = 1 }, "u");
        await Alice.CreateAsync(new { n = 2 }, "d");

        JsonElement answer = await (await Alice.ApplyAsync(
            RepoClient.Create("c", new { n = 3 }), RepoClient.Update("u", new { n = 4 }), RepoClient.Delete("d"), RepoClient.Create(null, new { n = 5 }))).ShouldAnswerAsync();

        JsonElement head = await Alice.HeadAsync();
        JsonElement[] results = [.. answer.GetProperty("results").EnumerateArray()];
        Assert.Multiple(() =>
        {
            Assert.That(answer.Text("commit.cid"), Is.EqualTo(head.Text("cid")));
            Assert.That(results.Select(result => result.Text("$type")), Is.EqualTo(new[]
            {
                $"{Method}#createResult", $"{Method}#updateResult", $"{Method}#deleteResult", $"{Method}#createResult",
            }));
            Assert.That(results[0].Names(), Is.EqualTo(new[] { "$type", "cid", "uri", "validationStatus" }));
            Assert.That(results[0].Text("uri"), Is.EqualTo(Alice.Uri("c")));
            Assert.That(results[1].Text("uri"), Is.EqualTo(Alice.Uri("u")));
            Assert.That(results[2].Names(), Is.EqualTo(new[] { "$type" }));
        });
    }

    [Test]
    public async Task ApplyWrites_OfNothing_MakesAnEmptyCommit()
    {
        JsonElement before = await Alice.HeadAsync();

        JsonElement answer = await (await Alice.ApplyAsync()).ShouldAnswerAsync();

        Assert.That(answer.GetProperty("results").GetArrayLength(), Is.Zero);
        Assert.That(string.CompareOrdinal(answer.Text("commit.rev"), before.Text("rev")), Is.Positive);
    }

    [Test]
    public async Task ApplyWrites_OfTwoHundred_IsTheMost()
    {
        object[] writes = [.. Enumerable.Range(0, 201).Select(i => RepoClient.Create($"k{i}", new { i }))];

        HttpResponseMessage tooMany = await Alice.ApplyAsync(writes);
        HttpResponseMessage most = await Alice.ApplyAsync(writes[..200]);

        await tooMany.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest", "Too many writes. Max: 200");
        Assert.That((await most.ShouldAnswerAsync()).GetProperty("results").GetArrayLength(), Is.EqualTo(200));
    }

    private static readonly object[][] Impossible =
    [
        [RepoClient.Create("there", new { })],
        [RepoClient.Update("missing", new { })],
        [RepoClient.Delete("missing")],
        [RepoClient.Create("twice", new { n = 1 }), RepoClient.Delete("twice"), RepoClient.Update("twice", new { n = 2 })],
        [RepoClient.Create("twice", new { n = 1 }), RepoClient.Create("twice", new { n = 2 })],
    ];

    // Pitfall B 34.
    [TestCaseSource(nameof(Impossible))]
    public async Task ApplyWrites_WhenOneIsImpossible_DoesNothing(params object[] writes)
    {
        await Alice.CreateAsync(new { n = 0 }, "there");
        JsonElement before = await Alice.HeadAsync();

        HttpResponseMessage response = await Alice.ApplyAsync([RepoClient.Create("innocent", new { }), .. writes]);

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
        Assert.That((await Alice.HeadAsync()).Text("cid"), Is.EqualTo(before.Text("cid")));
    }

    [Test]
    public async Task ApplyWrites_WithSeveralWritesToOneKey_AnswersEachAndCommitsTheNetOperation()
    {
        await Alice.CreateAsync(new { n = 0 }, "there");
        await Alice.CreateAsync(new { n = 0 }, "gone");
        await using Sync.FirehoseClient firehose = await Server.SubscribeAsync("?cursor=0");

        JsonElement answer = await (await Alice.ApplyAsync(
            RepoClient.Create("new", new { n = 1 }), RepoClient.Update("new", new { n = 2 }),
            RepoClient.Create("never", new { n = 1 }), RepoClient.Delete("never"),
            RepoClient.Update("there", new { n = 1 }), RepoClient.Update("there", new { n = 2 }),
            RepoClient.Delete("gone"), RepoClient.Create("gone", new { n = 1 }), RepoClient.Delete("gone"))).ShouldAnswerAsync();

        string[] kinds = [.. answer.GetProperty("results").EnumerateArray().Select(result => result.Text("$type")!.Split('#')[1])];
        Sync.FirehoseFrame frame = await firehose.WaitForAsync(frame => (string?)frame.Body.GetValueOrDefault("rev") == answer.Text("commit.rev"));
        string[] ops = [.. ((List<object?>)frame.Body["ops"]!).Cast<Dictionary<string, object?>>().Select(op => $"{op["action"]} {op["path"]}")];
        JsonElement made = await (await Server.GetAsync($"com.atproto.repo.getRecord?repo={Alice.Did}&collection={RepoClient.Collection}&rkey=new")).ShouldAnswerAsync();
        Assert.Multiple(() =>
        {
            Assert.That(kinds, Is.EqualTo(new[] { "createResult", "updateResult", "createResult", "deleteResult", "updateResult", "updateResult", "deleteResult", "createResult", "deleteResult" }));
            Assert.That(ops, Is.EqualTo(new[] { $"create {RepoClient.Collection}/new", $"update {RepoClient.Collection}/there", $"delete {RepoClient.Collection}/gone" }));
            Assert.That(made.GetProperty("value").GetProperty("n").GetInt32(), Is.EqualTo(2));
        });
    }

    [Test]
    public async Task ApplyWrites_WhenContentMovesBetweenKeys_KeepsIt()
    {
        JsonElement first = await Alice.CreateAsync(new { same = 1 }, "from");

        await (await Alice.ApplyAsync(RepoClient.Create("to", new { same = 1 }), RepoClient.Delete("from"))).ShouldAnswerAsync();

        HttpResponseMessage blocks = await Server.GetAsync($"com.atproto.sync.getBlocks?did={Alice.Did}&cids={first.Text("cid")}");
        await blocks.ShouldBeCarAsync();
    }

    [TestCase("""{"collection":"com.example.thing","value":{}}""")]
    [TestCase("""{"$type":"com.atproto.repo.applyWrites#upsert","collection":"com.example.thing","value":{}}""")]
    [TestCase("""{"$type":"com.atproto.repo.applyWrites#create","value":{}}""")]
    [TestCase("""{"$type":"com.atproto.repo.applyWrites#create","collection":"com.example.thing"}""")]
    [TestCase("""{"$type":"com.atproto.repo.applyWrites#update","collection":"com.example.thing","value":{}}""")]
    [TestCase("""{"$type":"com.atproto.repo.applyWrites#update","collection":"com.example.thing","rkey":"k"}""")]
    [TestCase("""{"$type":"com.atproto.repo.applyWrites#delete","collection":"com.example.thing"}""")]
    [TestCase("""{"$type":"com.atproto.repo.applyWrites#create","collection":"com.example.thing","value":[]}""")]
    [TestCase("""{"$type":"com.atproto.repo.applyWrites#create","collection":"thing","value":{}}""")]
    [TestCase("null")]
    [TestCase("\"create\"")]
    public async Task ApplyWrites_WhenAWriteIsMalformed_IsRefused(string write)
    {
        HttpResponseMessage response = await Alice.PostAsync(Method, $$"""{"repo":"{{Alice.Did}}","writes":[{{write}}]}""");

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
    }

    [Test]
    public async Task ApplyWrites_WithTypeLast_IsAccepted()
    {
        HttpResponseMessage response = await Alice.PostAsync(
            Method, $$"""{"repo":"{{Alice.Did}}","writes":[{"value":{"n":1},"collection":"com.example.thing","rkey":"k","$type":"{{Method}}#create"}]}""");

        await response.ShouldAnswerAsync();
    }

    [Test]
    public async Task ApplyWrites_WhenSwapCommitIsStale_AnswersInvalidSwap()
    {
        JsonElement stale = await Alice.HeadAsync();
        await Alice.CreateAsync(new { });

        HttpResponseMessage response = await Alice.PostAsync(Method, new { repo = Alice.Did.ToString(), writes = Array.Empty<object>(), swapCommit = stale.Text("cid") });

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidSwap");
    }

    [Test]
    public async Task ApplyWrites_WhenValidationIsDemandedOfAnUnknownLexicon_IsRefused()
    {
        HttpResponseMessage response = await Alice.PostAsync(
            Method, new { repo = Alice.Did.ToString(), validate = true, writes = new[] { RepoClient.Create("k", new { }) } });

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest", "Unknown lexicon type: com.example.thing");
    }
}
