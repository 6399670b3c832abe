using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Pds.IntegrationTests.Accounts;

namespace Pds.IntegrationTests.Moderation;

internal sealed class InviteTests : PdsTest
{
    private const string Server = "com.atproto.server.";
    private const string Admin = "com.atproto.admin.";

    private readonly ManualTime _time = new();

    [Test]
    public async Task GetAccountInviteCodes_ByAge_MakesFiveAtMost()
    {
        AccountClient alice = await SignUpAsync();
        JsonArray young = await ListAsync(alice);

        _time.Advance(TimeSpan.FromMinutes(30));    // access tokens live for two hours
        JsonArray older = await ListAsync(alice);
        JsonArray again = await ListAsync(alice);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(young, Is.Empty);
            Assert.That(older, Has.Count.EqualTo(3));
            Assert.That(again.Select(code => (string?)code!["code"]), Is.EquivalentTo(older.Select(code => (string?)code!["code"])));
            Assert.That(older.Select(code => (string?)code!["createdBy"]), Is.All.EqualTo(alice.Did.ToString()));
        }
    }

    [Test]
    public async Task GetAccountInviteCodes_WhenAskedManyTimesAtOnce_MakesNoMoreThanAreDue()
    {
        AccountClient alice = await SignUpAsync();
        _time.Advance(TimeSpan.FromMinutes(20));

        HttpResponseMessage[] responses = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => alice.GetAsync(Server + "getAccountInviteCodes")));

        foreach (HttpResponseMessage refused in responses.Where(response => response.StatusCode != HttpStatusCode.OK))
        {
            await refused.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "DuplicateCreate");
        }

        Assert.That(await ListAsync(alice), Has.Count.EqualTo(2));
    }

    [Test]
    public async Task GetAccountInviteCodes_WhenInvitesAreDisabled_ShowsNone()
    {
        AccountClient alice = await SignUpAsync();
        await PostAsync("disableAccountInvites", new JsonObject { ["account"] = alice.Did.ToString() });
        _time.Advance(TimeSpan.FromMinutes(20));

        Assert.That(await ListAsync(alice), Is.Empty);
    }

    [Test]
    public async Task GetAccountInviteCodes_WithoutUsedOnes_LeavesThemOut()
    {
        AccountClient alice = await SignUpAsync();
        _time.Advance(TimeSpan.FromMinutes(10));
        string code = (string)(await ListAsync(alice))[0]!["code"]!;
        JsonObject guest = GivenAccounts.SignUp($"guest{Guid.NewGuid():N}"[..15] + ".test");
        guest["inviteCode"] = code;
        await (await Pds.Http.PostXrpcAsync(Server + "createAccount", guest)).ShouldBeJsonAsync();

        JsonArray open = await ListAsync(alice, ("includeUsed", "false"), ("createAvailable", "false"));

        Assert.That(open, Is.Empty);
    }

    [Test]
    public async Task GetInviteCodes_Sorted_PagesThroughAll()
    {
        await SignUpAsync();
        await SignUpAsync();

        foreach (string sort in new[] { "recent", "usage" })
        {
            List<string> seen = [];
            string? cursor = null;
            do
            {
                JsonNode page = await GetAsync("getInviteCodes", ("sort", sort), ("limit", 1), ("cursor", cursor));
                seen.AddRange(page["codes"]!.AsArray().Select(code => (string)code!["code"]!));
                cursor = (string?)page["cursor"];
            }
            while (cursor is not null);

            JsonNode all = await GetAsync("getInviteCodes", ("sort", sort), ("limit", 500));
            Assert.That(seen, Is.EqualTo(all["codes"]!.AsArray().Select(code => (string?)code!["code"])), sort);
        }
    }

    [Test]
    public async Task GetInviteCodes_WithAnotherOrder_IsRefused()
    {
        using HttpClient admin = Pds.CreateOperator();

        HttpResponseMessage response = await admin.GetXrpcAsync(Admin + "getInviteCodes", ("sort", "age"));

        JsonNode body = await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
        Assert.That((string?)body["message"], Is.EqualTo("unknown sort method: age"));
    }

    [Test]
    public async Task DisableInviteCodes_ByCodeAndByOwner_EndsThem()
    {
        string byCode = await NewCodeAsync();
        string byOwner = await NewCodeAsync("did:web:owner.example");

        await PostAsync("disableInviteCodes", new JsonObject { ["codes"] = new JsonArray(byCode), ["accounts"] = new JsonArray("did:web:owner.example") });

        foreach (string code in new[] { byCode, byOwner })
        {
            JsonObject input = GivenAccounts.SignUp("refused.test");
            input["inviteCode"] = code;
            await (await Pds.Http.PostXrpcAsync(Server + "createAccount", input)).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidInviteCode");
        }
    }

    [Test]
    public async Task DisableInviteCodes_OfTheOperator_IsRefused()
    {
        using HttpClient admin = Pds.CreateOperator();

        HttpResponseMessage response = await admin.PostXrpcAsync(Admin + "disableInviteCodes", new JsonObject { ["accounts"] = new JsonArray("admin") });

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
    }

    protected override Task<PdsApplication> StartAsync() => PdsApplication.StartAsync(
        new Dictionary<string, string?> { ["PDS_INVITE_REQUIRED"] = "true", ["PDS_INVITE_INTERVAL"] = "600000", ["PDS_INVITE_EPOCH"] = "0" },
        services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(_time)));

    private static async Task<JsonArray> ListAsync(AccountClient account, params (string Name, object? Value)[] parameters) =>
        (await (await account.GetAsync(Server + "getAccountInviteCodes", parameters)).ShouldBeJsonAsync())["codes"]!.AsArray();

    private async Task<AccountClient> SignUpAsync()
    {
        JsonObject input = GivenAccounts.SignUp($"m{Guid.NewGuid():N}"[..15] + ".test");
        input["inviteCode"] = await NewCodeAsync();
        return new AccountClient(Pds, await (await Pds.Http.PostXrpcAsync(Server + "createAccount", input)).ShouldBeJsonAsync());
    }

    private async Task<string> NewCodeAsync(string? owner = null)
    {
        using HttpClient admin = Pds.CreateOperator();
        JsonObject input = new() { ["useCount"] = 1 };
        if (owner is not null)
        {
            input["forAccount"] = owner;
        }

        return (string)(await (await admin.PostXrpcAsync(Server + "createInviteCode", input)).ShouldBeJsonAsync())["code"]!;
    }

    private async Task<JsonNode> GetAsync(string method, params (string Name, object? Value)[] parameters)
    {
        using HttpClient admin = Pds.CreateOperator();
        return await (await admin.GetXrpcAsync(Admin + method, parameters)).ShouldBeJsonAsync();
    }

    private async Task PostAsync(string method, JsonObject input)
    {
        using HttpClient admin = Pds.CreateOperator();
        HttpResponseMessage response = await admin.PostXrpcAsync(Admin + method, input);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), await response.Content.ReadAsStringAsync());
    }
}
