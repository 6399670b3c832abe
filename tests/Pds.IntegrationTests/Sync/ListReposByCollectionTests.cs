using System.Net;
using System.Text.Json;
using Pds.Domain.Accounts;
using Pds.IntegrationTests.Repositories;

namespace Pds.IntegrationTests.Sync;

internal sealed class ListReposByCollectionTests : RepoTest
{
    private const string Method = "com.atproto.sync.listReposByCollection";

    [Test]
    public async Task List_InPages_MeetsActiveAccountsWithTheCollectionOnce()
    {
        const string collection = "com.example.listed";
        var expected = new List<string>();
        for (int i = 0; i < 3; i++)
        {
            RepoClient account = await Server.CreateAccountAsync();
            await account.CreateAsync(new { i }, collection: collection);
            expected.Add(account.Did.ToString());
        }

        RepoClient hidden = await Server.CreateAccountAsync();
        await hidden.CreateAsync(new { n = 1 }, collection: collection);
        await Server.SetStatusAsync(hidden.Did, AccountStatus.Deactivated);
        await Alice.CreateAsync(new { n = 1 }, collection: "com.example.listedToo");

        var met = new List<string?>();
        string? cursor = "";
        while (cursor is not null)
        {
            JsonElement page = await (await Server.GetAsync($"{Method}?collection={collection}&limit=2&cursor={cursor}")).ShouldAnswerAsync();
            met.AddRange(page.GetProperty("repos").EnumerateArray().Select(repo => repo.Text("did")));
            cursor = page.Text("cursor");
        }

        Assert.That(met, Is.EqualTo(expected.Order(StringComparer.Ordinal)));
    }

    [TestCase("collection=nonsense")]
    [TestCase("")]
    [TestCase("collection=com.example.thing&limit=2001")]
    [TestCase("collection=com.example.thing&cursor=nonsense")]
    public async Task List_WhenTheRequestIsWrong_IsRefused(string query)
    {
        HttpResponseMessage response = await Server.GetAsync($"{Method}?{query}");

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest", message: null);
    }
}
