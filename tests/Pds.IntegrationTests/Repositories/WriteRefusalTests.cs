using System.Net;
using System.Text.Json;
using Pds.Domain.Accounts;

namespace Pds.IntegrationTests.Repositories;

/// <summary>What all four ways of writing records refuse alike.</summary>
internal sealed class WriteRefusalTests : RepoTest
{
    private const string Key = "k";

    private static readonly string[] Methods = ["createRecord", "putRecord", "deleteRecord", "applyWrites"];

    [Test]
    public async Task Write_InAnotherRepository_AnswersAuthenticationRequired([ValueSource(nameof(Methods))] string method)
    {
        RepoClient bob = await Server.CreateAccountAsync();

        HttpResponseMessage response = await PostAsync(method, repo: bob.Did.ToString());

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "AuthenticationRequired");
    }

    [Test]
    public async Task Write_InAnUnknownRepository_AnswersAccountNotFound([ValueSource(nameof(Methods))] string method)
    {
        HttpResponseMessage response = await PostAsync(method, repo: "nobody.test");

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.Forbidden, "AccountNotFound");
    }

    [Test]
    public async Task Write_WhenTheAccountIsDeactivated_IsRefused([ValueSource(nameof(Methods))] string method)
    {
        await Server.SetStatusAsync(Alice.Did, AccountStatus.Deactivated);

        HttpResponseMessage response = await PostAsync(method);

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "AccountDeactivated");
    }

    [Test]
    public async Task Write_WhenTheAccountIsTakenDown_IsRefused([ValueSource(nameof(Methods))] string method)
    {
        await Server.SetStatusAsync(Alice.Did, AccountStatus.Takendown);

        HttpResponseMessage response = await PostAsync(method);

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "AccountTakedown");
    }

    [Test]
    public async Task Write_WhenANameIsMalformed_IsRefused([ValueSource(nameof(Methods))] string method)
    {
        HttpResponseMessage repo = await PostAsync(method, repo: "not a repo");
        HttpResponseMessage collection = await PostAsync(method, collection: "thing");
        HttpResponseMessage rkey = await PostAsync(method, rkey: "a/b");
        HttpResponseMessage swap = await PostAsync(method, swapCommit: "nope");

        foreach (HttpResponseMessage response in new[] { repo, collection, rkey, swap })
        {
            await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
        }
    }

    [Test]
    public async Task Write_WhenSwapCommitIsStale_AnswersInvalidSwapAndWritesNothing([ValueSource(nameof(Methods))] string method)
    {
        JsonElement stale = await Alice.CreateAsync(new { n = 1 });
        JsonElement head = await Alice.CreateAsync(new { n = 2 }, Key);

        HttpResponseMessage response = await PostAsync(method, rkey: method is "createRecord" or "applyWrites" ? "new" : Key, swapCommit: stale.Text("commit.cid"));

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidSwap", $"Commit was at {head.Text("commit.cid")}");
        Assert.That((await Alice.HeadAsync()).Text("cid"), Is.EqualTo(head.Text("commit.cid")));
    }

    [TestCase("createRecord")]
    [TestCase("putRecord")]
    [TestCase("applyWrites")]
    public async Task Write_WhenTheKeyIsASlur_IsRefused(string method)
    {
        HttpResponseMessage response = await PostAsync(method, rkey: "k1ke");

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest", "Unacceptable slur in record key");
    }

    [TestCase("putRecord")]
    [TestCase("applyWrites")]
    public async Task Write_WhenValidationIsDemandedOfAnUnknownLexicon_IsRefused(string method)
    {
        HttpResponseMessage response = await PostAsync(method, validate: true);

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest", $"Unknown lexicon type: {RepoClient.Collection}");
    }

    private Task<HttpResponseMessage> PostAsync(
        string method, string? repo = null, string collection = RepoClient.Collection, string rkey = Key, string? swapCommit = null, bool? validate = null)
    {
        object record = new { text = "written" };
        Dictionary<string, object?> input = new() { ["repo"] = repo ?? Alice.Did.ToString() };
        if (method == "applyWrites")
        {
            input["writes"] = new object[] { new Dictionary<string, object> { ["$type"] = "com.atproto.repo.applyWrites#create", ["collection"] = collection, ["rkey"] = rkey, ["value"] = record } };
        }
        else
        {
            input["collection"] = collection;
            input["rkey"] = rkey;
            input["record"] = record;
        }

        foreach ((string name, object? value) in new (string, object?)[] { ("swapCommit", swapCommit), ("validate", validate) })
        {
            if (value is not null)
            {
                input[name] = value;
            }
        }

        return Alice.PostAsync($"com.atproto.repo.{method}", input);
    }
}
