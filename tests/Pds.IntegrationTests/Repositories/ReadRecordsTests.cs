using System.Net;
using System.Text.Json;
using Pds.Domain.Accounts;

namespace Pds.IntegrationTests.Repositories;

internal sealed class ReadRecordsTests : RepoTest
{
    [Test]
    public async Task GetRecord_ByDidOrHandle_AnswersTheRecord()
    {
        JsonElement created = await Alice.CreateAsync(new { text = "grüße 👋", link = new Dictionary<string, string> { ["$bytes"] = "AQID" } }, "k");

        JsonElement byDid = await GetRecordAsync(Alice.Did.ToString());
        JsonElement byHandle = await GetRecordAsync(Alice.Handle.ToString());

        Assert.Multiple(() =>
        {
            Assert.That(byDid.Names(), Is.EqualTo(new[] { "cid", "uri", "value" }));
            Assert.That(byDid.Text("uri"), Is.EqualTo(Alice.Uri("k")));
            Assert.That(byDid.Text("cid"), Is.EqualTo(created.Text("cid")));
            Assert.That(byDid.Text("value.text"), Is.EqualTo("grüße 👋"));
            Assert.That(byDid.Text("value.link.$bytes"), Is.EqualTo("AQID"));
            Assert.That(byHandle.GetRawText(), Is.EqualTo(byDid.GetRawText()));
        });
    }

    [Test]
    public async Task GetRecord_OfAVersion_AnswersOnlyTheCurrentOne()
    {
        JsonElement old = await Alice.CreateAsync(new { n = 1 }, "k");
        JsonElement current = await (await Alice.PutAsync(new { n = 2 }, "k")).ShouldAnswerAsync();

        HttpResponseMessage stale = await Alice.GetAsync(Query(Alice.Did.ToString(), "k", old.Text("cid")));
        HttpResponseMessage fresh = await Alice.GetAsync(Query(Alice.Did.ToString(), "k", current.Text("cid")));

        await stale.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "RecordNotFound");
        await fresh.ShouldAnswerAsync();
    }

    [TestCase(AccountStatus.Deactivated)]
    [TestCase(AccountStatus.Takendown)]
    public async Task GetRecord_WhenTheAccountIsNotActive_AnswersRecordNotFound(AccountStatus status)
    {
        await Alice.CreateAsync(new { }, "k");
        await Server.SetStatusAsync(Alice.Did, status);

        HttpResponseMessage response = await Server.GetAsync(Query(Alice.Did.ToString(), "k"));

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "RecordNotFound");
    }

    [TestCase("repo=nobody.test&collection=com.example.thing&rkey=k", "RecordNotFound")]
    [TestCase("repo=!&collection=com.example.thing&rkey=k", "InvalidRequest")]
    [TestCase("repo=nobody.test&collection=thing&rkey=k", "InvalidRequest")]
    [TestCase("repo=nobody.test&collection=com.example.thing&rkey=a%2Fb", "InvalidRequest")]
    [TestCase("repo=nobody.test&collection=com.example.thing&rkey=k&cid=nope", "InvalidRequest")]
    [TestCase("collection=com.example.thing&rkey=k", "InvalidRequest")]
    [TestCase("repo=nobody.test&collection=com.example.thing", "InvalidRequest")]
    public async Task GetRecord_OfNothingThatIsHere_IsRefused(string query, string error)
    {
        HttpResponseMessage response = await Server.GetAsync($"com.atproto.repo.getRecord?{query}");

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, error);
    }

    [Test]
    public async Task ListRecords_GoesDownFromTheGreatestKeyAndPages()
    {
        await CreateKeysAsync("a", "b", "c", "d", "e");

        JsonElement first = await ListAsync("limit=2");
        JsonElement second = await ListAsync($"limit=2&cursor={first.Text("cursor")}");
        JsonElement third = await ListAsync($"limit=2&cursor={second.Text("cursor")}");
        JsonElement fourth = await ListAsync($"limit=2&cursor={third.Text("cursor")}");

        Assert.Multiple(() =>
        {
            Assert.That(Keys(first), Is.EqualTo("ed"));
            Assert.That(Keys(second), Is.EqualTo("cb"));
            Assert.That(Keys(third), Is.EqualTo("a"));
            Assert.That(third.Text("cursor"), Is.EqualTo("a"), "present on the last page, too");
            Assert.That(fourth.Names(), Is.EqualTo(new[] { "records" }));
            Assert.That(first.GetProperty("records")[0].Names(), Is.EqualTo(new[] { "cid", "uri", "value" }));
        });
    }

    [TestCase("", "edcba")]
    [TestCase("reverse=true", "abcde")]
    [TestCase("reverse=true&cursor=b&limit=2", "cd")]
    [TestCase("rkeyStart=b", "edc")]
    [TestCase("rkeyEnd=d", "cba")]
    [TestCase("rkeyStart=a&rkeyEnd=d", "cb")]
    [TestCase("rkeyStart=a&rkeyEnd=d&reverse=true", "bc")]
    [TestCase("rkeyStart=a&rkeyEnd=d&cursor=c", "ba")]
    [TestCase("limit=", "edcba")]
    [TestCase("cursor=zzz", "edcba")]
    [TestCase("cursor=a", "")]
    public async Task ListRecords_WithinBounds_AnswersThoseKeys(string query, string keys)
    {
        await CreateKeysAsync("a", "b", "c", "d", "e");

        Assert.That(Keys(await ListAsync(query)), Is.EqualTo(keys));
    }

    [Test]
    public async Task ListRecords_OfOneCollection_LeavesItsNeighboursOut()
    {
        await Alice.CreateAsync(new { }, "k", "com.example.thin");
        await Alice.CreateAsync(new { }, "k", "com.example.things");
        await Alice.CreateAsync(new { }, "k", "com.example.thing.part");

        Assert.That(Keys(await ListAsync("")), Is.Empty);
    }

    [TestCase("limit=0")]
    [TestCase("limit=101")]
    [TestCase("limit=abc")]
    [TestCase("limit=1.5")]
    [TestCase("reverse=yes")]
    [TestCase("limit=1&limit=2")]
    public async Task ListRecords_WhenAParameterIsBad_IsRefused(string query)
    {
        HttpResponseMessage response = await Alice.GetAsync($"com.atproto.repo.listRecords?repo={Alice.Did}&collection=com.example.thing&{query}");

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
    }

    [TestCase(AccountStatus.Deactivated)]
    [TestCase(AccountStatus.Takendown)]
    public async Task ListRecords_WhenTheRepositoryIsUnknownOrInactive_IsRefused(AccountStatus status)
    {
        await Server.SetStatusAsync(Alice.Did, status);

        HttpResponseMessage inactive = await Server.GetAsync($"com.atproto.repo.listRecords?repo={Alice.Did}&collection=com.example.thing");
        HttpResponseMessage unknown = await Server.GetAsync("com.atproto.repo.listRecords?repo=nobody.test&collection=com.example.thing");

        await inactive.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest", $"Could not find repo: {Alice.Did}");
        await unknown.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest", "Could not find repo: nobody.test");
    }

    [Test]
    public async Task DescribeRepo_TellsWhoseItIsAndWhatItHolds()
    {
        await Alice.CreateAsync(new { }, "k");
        await Alice.CreateAsync(new { }, "k", "com.example.another");

        JsonElement answer = await (await Server.GetAsync($"com.atproto.repo.describeRepo?repo={Alice.Handle}")).ShouldAnswerAsync();

        Assert.Multiple(() =>
        {
            Assert.That(answer.Names(), Is.EqualTo(new[] { "collections", "did", "didDoc", "handle", "handleIsCorrect" }));
            Assert.That(answer.Text("did"), Is.EqualTo(Alice.Did.ToString()));
            Assert.That(answer.Text("handle"), Is.EqualTo(Alice.Handle.ToString()));
            Assert.That(answer.Text("didDoc.id"), Is.EqualTo(Alice.Did.ToString()));
            Assert.That(answer.Text("handleIsCorrect"), Is.EqualTo("true"));
            Assert.That(answer.GetProperty("collections").GetRawText(), Is.EqualTo("""["com.example.another","com.example.thing"]"""));
        });
    }

    [TestCase(AccountStatus.Deactivated, "RepoDeactivated")]
    [TestCase(AccountStatus.Takendown, "RepoTakendown")]
    [TestCase(null, "RepoNotFound")]
    public async Task DescribeRepo_WhenTheRepositoryIsNotServed_SaysWhy(AccountStatus? status, string error)
    {
        await Server.SetStatusAsync(Alice.Did, status);

        HttpResponseMessage response = await Server.GetAsync($"com.atproto.repo.describeRepo?repo={(status is null ? "nobody.test" : Alice.Did.ToString())}");

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, error);
    }

    private static string Keys(JsonElement list) =>
        string.Concat(list.GetProperty("records").EnumerateArray().Select(record => record.Text("uri")!.Split('/')[^1]));

    private static string Query(string repo, string rkey, string? cid = null) =>
        $"com.atproto.repo.getRecord?repo={repo}&collection=com.example.thing&rkey={rkey}{(cid is null ? "" : $"&cid={cid}")}";

    private async Task<JsonElement> GetRecordAsync(string repo) => await (await Server.GetAsync(Query(repo, "k"))).ShouldAnswerAsync();

    private async Task<JsonElement> ListAsync(string query) =>
        await (await Server.GetAsync($"com.atproto.repo.listRecords?repo={Alice.Did}&collection=com.example.thing&{query}")).ShouldAnswerAsync();

    private async Task CreateKeysAsync(params string[] keys) =>
        await (await Alice.ApplyAsync([.. keys.Select(key => RepoClient.Create(key, new { key }))])).ShouldAnswerAsync();

    // Pitfall M 208.
    [TestCase(false)]
    [TestCase(true)]
    public async Task ListRecords_WhenRecordsAreLarge_GivesShorterPagesThatMissNothing(bool reverse)
    {
        for (int i = 0; i < 7; i++)
        {
            await Alice.CreateAsync(new { i, text = new string('x', i == 3 ? 990_000 : 400_000) }, $"k{i}");
        }

        List<int> sizes = [];
        List<int> seen = [];
        string? cursor = null;
        do
        {
            HttpResponseMessage response = await Server.GetAsync(
                $"com.atproto.repo.listRecords?repo={Alice.Did}&collection={RepoClient.Collection}&limit=100&reverse={(reverse ? "true" : "false")}{(cursor is null ? "" : $"&cursor={cursor}")}");
            JsonElement page = await response.ShouldAnswerAsync();
            JsonElement[] records = [.. page.GetProperty("records").EnumerateArray()];
            Assert.That(records.Select(record => record.Names()), Is.All.EqualTo(new[] { "cid", "uri", "value" }));
            seen.AddRange(records.Select(record => record.GetProperty("value").GetProperty("i").GetInt32()));
            sizes.Add(records.Length);
            cursor = page.Text("cursor");
        }
        while (cursor is not null);

        Assert.That(seen, Is.EqualTo(reverse ? Enumerable.Range(0, 7) : Enumerable.Range(0, 7).Reverse()));
        Assert.That(sizes, Is.EqualTo(new[] { 2, 1, 1, 2, 1, 0 }));
    }
}
