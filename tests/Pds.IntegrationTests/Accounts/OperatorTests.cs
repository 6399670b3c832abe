using System.Net;
using System.Text.Json.Nodes;

namespace Pds.IntegrationTests.Accounts;

internal sealed class OperatorTests : PdsTest
{
    private const string Server = "com.atproto.server.";
    private const string Admin = "com.atproto.admin.";

    [Test]
    public async Task CreateAccount_WithoutInviteCode_AnswersInvalidInviteCode() =>
        await (await Pds.Http.PostXrpcAsync(Server + "createAccount", GivenAccounts.SignUp("stranger.test"))).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidInviteCode");

    [Test]
    public async Task InviteCode_WhenUsedUp_OpensNoMore()
    {
        string code = await NewCodeAsync(useCount: 1);

        await (await SignUpAsync("invited.test", code)).ShouldBeJsonAsync();
        HttpResponseMessage second = await SignUpAsync("late.test", code);

        JsonNode body = await second.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidInviteCode");
        Assert.That((string?)body["message"], Is.EqualTo("Provided invite code not available"));
        Assert.That(code, Does.Match("^localhost-[a-z2-7]{5}-[a-z2-7]{5}$"));
    }

    [Test]
    public async Task InviteCode_WhenManyUseItAtOnce_IsNotUsedBeyondItsCount()
    {
        string code = await NewCodeAsync(useCount: 2);

        HttpResponseMessage[] responses = await Task.WhenAll(Enumerable.Range(0, 5).Select(i => SignUpAsync($"crowd{i}.test", code)));

        Assert.That(responses.Count(response => response.StatusCode == HttpStatusCode.OK), Is.EqualTo(2));
    }

    // Pitfall E 104.
    [Test]
    public async Task InviteCode_WhenCreationFails_IsNotUsed()
    {
        string code = await NewCodeAsync(useCount: 1);
        await (await SignUpAsync("admin.test", code)).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "HandleNotAvailable");

        await (await SignUpAsync("second-try.test", code)).ShouldBeJsonAsync();
    }

    [Test]
    public async Task CreateInviteCodes_ForSeveralAccounts_AnswersThemAccountByAccount()
    {
        using HttpClient admin = Pds.CreateOperator();

        JsonNode made = await (await admin.PostXrpcAsync(Server + "createInviteCodes", new JsonObject
        {
            ["codeCount"] = 2,
            ["useCount"] = 1,
            ["forAccounts"] = new JsonArray("did:web:a.example", "did:web:b.example"),
        })).ShouldBeJsonAsync();

        Assert.That(made["codes"]!.AsArray().Select(codes => (string?)codes!["account"]), Is.EqualTo(["did:web:a.example", "did:web:b.example"]));
        Assert.That(made["codes"]!.AsArray().SelectMany(codes => codes!["codes"]!.AsArray()).Count(), Is.EqualTo(4));
    }

    [Test]
    public async Task CreateInviteCode_WithoutThePassword_IsRefused() =>
        await (await Pds.Http.PostXrpcAsync(Server + "createInviteCode", new JsonObject { ["useCount"] = 1 })).ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "AuthenticationRequired");

    [Test]
    public async Task GetAccountInfo_OfAnInvitedAccount_ShowsItsInvitation()
    {
        string code = await NewCodeAsync(useCount: 1);
        string did = (string)(await (await SignUpAsync("shown.test", code)).ShouldBeJsonAsync())["did"]!;
        using HttpClient admin = Pds.CreateOperator();

        JsonNode view = await (await admin.GetXrpcAsync(Admin + "getAccountInfo", ("did", did))).ShouldBeJsonAsync();
        JsonNode several = await (await admin.GetXrpcAsync(Admin + "getAccountInfos", ("dids", did), ("dids", "did:web:unknown.example"))).ShouldBeJsonAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That((string?)view["handle"], Is.EqualTo("shown.test"));
            Assert.That((string?)view["email"], Is.EqualTo("shown.test@example.com"));
            Assert.That((string?)view["invitedBy"]!["code"], Is.EqualTo(code));
            Assert.That(several["infos"]!.AsArray(), Has.Count.EqualTo(1));
        }
    }

    [Test]
    public async Task GetSubjectStatus_WhenTakenDown_ShowsTheNote()
    {
        string did = (string)(await (await SignUpAsync("judged.test", await NewCodeAsync(1))).ShouldBeJsonAsync())["did"]!;
        await Pds.TakeDownAsync(Domain.Identifiers.Did.Parse(did));
        using HttpClient admin = Pds.CreateOperator();

        JsonNode status = await (await admin.GetXrpcAsync(Admin + "getSubjectStatus", ("did", did))).ShouldBeJsonAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That((string?)status["subject"]!["$type"], Is.EqualTo("com.atproto.admin.defs#repoRef"));
            Assert.That((bool?)status["takedown"]!["applied"], Is.True);
            Assert.That((string?)status["takedown"]!["ref"], Is.EqualTo("test"));
            Assert.That((bool?)status["deactivated"]!["applied"], Is.False);
        }
    }

    [Test]
    public async Task DeleteAccount_WhenUnknown_IsRefused()
    {
        using HttpClient admin = Pds.CreateOperator();

        HttpResponseMessage response = await admin.PostXrpcAsync(Admin + "deleteAccount", new JsonObject { ["did"] = "did:web:unknown.example" });

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "NotFound");
    }

    [Test]
    public async Task DeleteAccount_ByTheOperator_FreesTheHandle()
    {
        string did = (string)(await (await SignUpAsync("removed.test", await NewCodeAsync(1))).ShouldBeJsonAsync())["did"]!;
        using HttpClient admin = Pds.CreateOperator();

        HttpResponseMessage response = await admin.PostXrpcAsync(Admin + "deleteAccount", new JsonObject { ["did"] = did });

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        await (await SignUpAsync("removed.test", await NewCodeAsync(1))).ShouldBeJsonAsync();
    }

    [Test]
    public async Task AdminMethods_WithAUsersToken_AnswerBadJwtType()
    {
        JsonNode session = await (await SignUpAsync("curious.test", await NewCodeAsync(1))).ShouldBeJsonAsync();

        HttpResponseMessage response = await Pds.Http.SendAsync(HttpMethod.Get, $"{Admin}getAccountInfo?did={session["did"]}", (string)session["accessJwt"]!);

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "BadJwtType");
    }

    protected override Task<PdsApplication> StartAsync() => PdsApplication.StartAsync(new Dictionary<string, string?> { ["PDS_INVITE_REQUIRED"] = "true" });

    private Task<HttpResponseMessage> SignUpAsync(string handle, string code)
    {
        JsonObject input = GivenAccounts.SignUp(handle);
        input["inviteCode"] = code;
        return Pds.Http.PostXrpcAsync(Server + "createAccount", input);
    }

    private async Task<string> NewCodeAsync(int useCount)
    {
        using HttpClient admin = Pds.CreateOperator();
        JsonNode made = await (await admin.PostXrpcAsync(Server + "createInviteCode", new JsonObject { ["useCount"] = useCount })).ShouldBeJsonAsync();
        return (string)made["code"]!;
    }
}
