using System.Net;
using System.Text.Json;
using Pds.Domain.Accounts;
using Pds.IntegrationTests.Repositories;

namespace Pds.IntegrationTests.Sync;

internal sealed class SyncMethodsTests : RepoTest
{
    [Test]
    public async Task GetLatestCommitAndGetHead_TellWhereTheRepositoryStands()
    {
        JsonElement last = await Alice.CreateAsync(new { n = 1 });

        JsonElement commit = await (await Server.GetAsync($"com.atproto.sync.getLatestCommit?did={Alice.Did}")).ShouldAnswerAsync();
        JsonElement head = await (await Server.GetAsync($"com.atproto.sync.getHead?did={Alice.Did}")).ShouldAnswerAsync();

        Assert.That(commit.GetRawText(), Is.EqualTo($$"""{"cid":"{{last.Text("commit.cid")}}","rev":"{{last.Text("commit.rev")}}"}"""));
        Assert.That(head.GetRawText(), Is.EqualTo($$"""{"root":"{{last.Text("commit.cid")}}"}"""));
    }

    [Test]
    public async Task GetRepoStatus_OfAnActiveRepository_TellsItsRevision()
    {
        JsonElement head = await Alice.HeadAsync();

        JsonElement status = await (await Server.GetAsync($"com.atproto.sync.getRepoStatus?did={Alice.Did}")).ShouldAnswerAsync();

        Assert.That(status.GetRawText(), Is.EqualTo($$"""{"did":"{{Alice.Did}}","active":true,"rev":"{{head.Text("rev")}}"}"""));
    }

    [TestCase(AccountStatus.Deactivated, "deactivated")]
    [TestCase(AccountStatus.Takendown, "takendown")]
    public async Task GetRepoStatus_OfAnInactiveRepository_TellsWhy(AccountStatus kind, string name)
    {
        await Server.SetStatusAsync(Alice.Did, kind);

        JsonElement status = await (await Server.GetAsync($"com.atproto.sync.getRepoStatus?did={Alice.Did}")).ShouldAnswerAsync();

        Assert.That(status.GetRawText(), Is.EqualTo($$"""{"did":"{{Alice.Did}}","active":false,"status":"{{name}}"}"""));
    }

    [Test]
    public async Task ListRepos_InPages_MeetsEveryRepositoryOnceOldestFirst()
    {
        RepoClient bob = await Server.CreateAccountAsync();
        RepoClient carol = await Server.CreateAccountAsync();
        await Server.SetStatusAsync(bob.Did, AccountStatus.Deactivated);

        var met = new List<JsonElement>();
        for (string? cursor = ""; cursor is not null;)
        {
            JsonElement page = await (await Server.GetAsync($"com.atproto.sync.listRepos?limit=2&cursor={cursor}")).ShouldAnswerAsync();
            met.AddRange(page.GetProperty("repos").EnumerateArray());
            cursor = page.Text("cursor");
        }

        List<string?> dids = [.. met.Select(repo => repo.Text("did"))];
        Assert.Multiple(() =>
        {
            Assert.That(dids, Is.Unique.And.SupersetOf(new[] { Alice.Did.ToString(), bob.Did.ToString(), carol.Did.ToString() }));
            Assert.That(dids.IndexOf(Alice.Did.ToString()), Is.LessThan(dids.IndexOf(carol.Did.ToString())));
            Assert.That(met.Single(repo => repo.Text("did") == bob.Did.ToString()).Text("status"), Is.EqualTo("deactivated"));
            Assert.That(met.Single(repo => repo.Text("did") == carol.Did.ToString()).Names(), Is.EqualTo(new[] { "active", "did", "head", "rev" }));
        });
    }

    [TestCase("limit=0")]
    [TestCase("limit=1001")]
    [TestCase("limit=x")]
    [TestCase("cursor=nonsense")]
    [TestCase("cursor=a::b")]
    [TestCase("cursor=1::did:plc:x::y")]
    [TestCase("cursor=-1::did:plc:x")]
    [TestCase("cursor=99999999999999999::did:plc:x")]
    public async Task ListRepos_WhenAParameterIsBad_IsRefused(string query)
    {
        HttpResponseMessage response = await Server.GetAsync($"com.atproto.sync.listRepos?{query}");

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
    }
}
