using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Pds.IntegrationTests.Accounts;

/// <summary>Lists whose order clients show as it is.</summary>
internal sealed class ListOrderTests : PdsTest
{
    private const string Server = "com.atproto.server.";
    private readonly ManualTime _time = new();

    [Test]
    public async Task ListAppPasswords_WhenThereAreSeveral_IsNewestFirst()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        foreach (string name in new[] { "first", "second", "third" })
        {
            await (await alice.PostAsync(Server + "createAppPassword", new JsonObject { ["name"] = name })).ShouldBeJsonAsync();
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        JsonNode list = await (await alice.GetAsync(Server + "listAppPasswords")).ShouldBeJsonAsync();

        Assert.That(list["passwords"]!.AsArray().Select(password => (string?)password!["name"]), Is.EqualTo(["third", "second", "first"]));
    }

    [Test]
    public async Task UsesOfAnInviteCode_WhereverTheyAreShown_AreNewestFirst()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        using HttpClient admin = Pds.CreateOperator();
        JsonNode made = await (await admin.PostXrpcAsync(Server + "createInviteCode", new JsonObject { ["useCount"] = 3, ["forAccount"] = alice.Did.ToString() })).ShouldBeJsonAsync();
        List<string> guests = [];
        foreach (string name in new[] { "guest-a", "guest-b", "guest-c" })
        {
            JsonObject input = GivenAccounts.SignUp($"{name}.test");
            input["inviteCode"] = (string?)made["code"];
            JsonNode guest = await (await Pds.Http.PostXrpcAsync(Server + "createAccount", input)).ShouldBeJsonAsync();
            guests.Insert(0, (string)guest["did"]!);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        JsonNode own = await (await alice.GetAsync(Server + "getAccountInviteCodes")).ShouldBeJsonAsync();
        JsonNode all = await (await admin.GetXrpcAsync("com.atproto.admin.getInviteCodes")).ShouldBeJsonAsync();
        JsonNode owner = await (await admin.GetXrpcAsync("com.atproto.admin.getAccountInfo", ("did", alice.Did))).ShouldBeJsonAsync();
        JsonNode guestInfo = await (await admin.GetXrpcAsync("com.atproto.admin.getAccountInfo", ("did", guests[0]))).ShouldBeJsonAsync();

        foreach (JsonNode? code in new[] { own["codes"]![0], all["codes"]![0], owner["invites"]![0], guestInfo["invitedBy"] })
        {
            Assert.That(code!["uses"]!.AsArray().Select(use => (string?)use!["usedBy"]), Is.EqualTo(guests));
        }
    }

    protected override Task<PdsApplication> StartAsync() =>
        PdsApplication.StartAsync(services: services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(_time)));
}
