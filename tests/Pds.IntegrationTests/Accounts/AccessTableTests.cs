using System.Net;
using System.Text.Json.Nodes;
using Pds.IntegrationTests.OAuth;

namespace Pds.IntegrationTests.Accounts;

/// <summary>The columns of the endpoint tables (spec 05 §2, §4 to §6), held against every method that asks who calls.</summary>
internal sealed class AccessTableTests : PdsTest
{
    private const string Server = "com.atproto.server.";
    private const string Identity = "com.atproto.identity.";
    private const string Admin = "com.atproto.admin.";

    /// <summary>Any OAuth credential will do.</summary>
    private const string AnyScope = "";

    private AccountClient _alice = null!;

    /// <summary>Methods of accounts.</summary>
    private static readonly Row[] Methods =
    [
        new("GET", Server + "getSession") { Scope = AnyScope },
        new("GET", Server + "checkAccountStatus") { Scope = AnyScope },
        new("GET", Server + "getServiceAuth") { Query = "?aud=did:web:x.example&lxm=com.atproto.server.createAccount", Scope = "rpc:com.atproto.server.createAccount?aud=did:web:x.example", OpenToTakendown = true },
        new("GET", Server + "listAppPasswords"),
        new("GET", Server + "getAccountInviteCodes") { Full = true, RefusesTakendown = true },
        new("POST", Server + "createAppPassword") { Full = true, RefusesTakendown = true, Input = """{"name":"table"}""" },
        new("POST", Server + "revokeAppPassword") { Full = true, Input = """{"name":"table"}""" },
        new("POST", Server + "activateAccount") { Full = true },
        new("POST", Server + "deactivateAccount") { Full = true, OpenToTakendown = true, Input = "{}" },
        new("POST", Server + "requestAccountDelete") { Full = true, RefusesTakendown = true },
        new("POST", Server + "requestEmailConfirmation") { RefusesTakendown = true, Scope = "account:email?action=manage" },
        new("POST", Server + "confirmEmail") { RefusesTakendown = true, Scope = "account:email?action=manage", Input = """{"email":"a@example.com","token":"AAAAA-AAAAA"}""" },
        new("POST", Server + "requestEmailUpdate") { Full = true, RefusesTakendown = true },
        new("POST", Server + "updateEmail") { Full = true, RefusesTakendown = true, Input = """{"email":"nonsense"}""" },
        new("POST", Identity + "updateHandle") { RefusesTakendown = true, Scope = "identity:handle", Input = """{"handle":"a.b.test"}""" },
        new("GET", Identity + "getRecommendedDidCredentials") { Scope = AnyScope },
        new("POST", Identity + "requestPlcOperationSignature") { Full = true, OpenToTakendown = true, Scope = "identity:*" },
        new("POST", Identity + "signPlcOperation") { Full = true, OpenToTakendown = true, Scope = "identity:*", Input = """{"token":"AAAAA-AAAAA"}""" },
        new("POST", Identity + "submitPlcOperation") { Scope = "identity:*", Input = """{"operation":{}}""" },
        new("POST", Identity + "refreshIdentity") { Input = """{"identifier":"nobody.test"}""" },
        new("GET", "com.atproto.temp.checkSignupQueue"),
    ];

    /// <summary>Methods of the operator; <see cref="Row.Full"/> stands for those that moderators may not use.</summary>
    private static readonly Row[] Operators =
    [
        new("GET", Admin + "getAccountInfo") { Query = "?did=did:web:x.example" },
        new("GET", Admin + "getAccountInfos") { Query = "?dids=did:web:x.example" },
        new("GET", Admin + "searchAccounts"),
        new("GET", Admin + "getSubjectStatus") { Query = "?did=did:web:x.example" },
        new("GET", Admin + "getInviteCodes"),
        new("POST", Admin + "updateSubjectStatus") { Input = """{"subject":{"$type":"com.atproto.admin.defs#repoRef","did":"did:web:x.example"}}""" },
        new("POST", Admin + "disableInviteCodes") { Input = "{}" },
        new("POST", Admin + "disableAccountInvites") { Input = """{"account":"did:web:x.example"}""" },
        new("POST", Admin + "enableAccountInvites") { Input = """{"account":"did:web:x.example"}""" },
        new("POST", Admin + "sendEmail") { Input = """{"recipientDid":"did:web:x.example","content":"a","senderDid":"did:web:x.example"}""" },
        new("POST", Admin + "updateAccountHandle") { Full = true, Input = """{"did":"did:web:x.example","handle":"x.test"}""" },
        new("POST", Admin + "updateAccountEmail") { Full = true, Input = """{"account":"did:web:x.example","email":"x@example.com"}""" },
        new("POST", Admin + "updateAccountPassword") { Full = true, Input = """{"did":"did:web:x.example","password":"long enough"}""" },
        new("POST", Admin + "updateAccountSigningKey") { Full = true, Input = """{"did":"did:web:x.example","signingKey":"did:web:x.example"}""" },
        new("POST", Admin + "deleteAccount") { Full = true, Input = """{"did":"did:web:x.example"}""" },
        new("POST", Server + "createInviteCode") { Full = true, Input = """{"useCount":1}""" },
        new("POST", Server + "createInviteCodes") { Full = true, Input = """{"codeCount":1,"useCount":1}""" },
    ];

    /// <summary>Methods that ask nobody who they are, or ask in the body.</summary>
    private static readonly Row[] Open =
    [
        new("GET", Server + "describeServer"),
        new("POST", Server + "createAccount") { Input = """{"handle":"a.b.test"}""" },
        new("POST", Server + "createSession") { Input = """{"identifier":"nobody.test","password":"wrong password"}""" },
        new("POST", Server + "deleteAccount") { Input = """{"did":"did:web:x.example","password":"a","token":"a"}""" },
        new("POST", Server + "requestPasswordReset") { Input = """{"email":"nobody@example.com"}""" },
        new("POST", Server + "resetPassword") { Input = """{"token":"AAAAA-AAAAA","password":"long enough"}""" },
        new("POST", Server + "reserveSigningKey") { Input = "{}" },
        new("GET", Identity + "resolveHandle") { Query = "?handle=nobody.test" },
        new("GET", Identity + "resolveDid") { Query = "?did=did:plc:aaaaaaaaaaaaaaaaaaaaaaaa" },
        new("GET", Identity + "resolveIdentity") { Query = "?identifier=nobody.test" },
        new("GET", "com.atproto.temp.checkHandleAvailability") { Query = "?handle=somebody.test" },
    ];

    private static IEnumerable<Row> All => [.. Methods, .. Operators, .. Open, new("POST", Server + "refreshSession"), new("POST", Server + "deleteSession")];

    private static IEnumerable<Row> ForFullSessions => Methods.Where(row => row.Full);

    private static IEnumerable<Row> Authenticated => [.. Methods, .. Operators];

    [OneTimeSetUp]
    public async Task CreateAliceAsync() => _alice = await Pds.CreateAccountAsync("alice");

    [OneTimeTearDown]
    public void SignAliceOut() => _alice.Dispose();

    [TestCaseSource(nameof(All))]
    public async Task Method_WithAnotherVerb_IsRefused(Row row)
    {
        HttpResponseMessage response = await Pds.Http.SendAsync(new HttpRequestMessage(row.Verb == "GET" ? HttpMethod.Post : HttpMethod.Get, $"/xrpc/{row.Method}"));

        JsonNode body = await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
        Assert.That((string?)body["message"], Does.Contain(row.Verb));
    }

    [TestCaseSource(nameof(Authenticated))]
    public async Task Method_WithoutCredentials_AnswersAuthMissing(Row row) =>
        await (await SendAsync(row, authorization: null)).ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "AuthMissing");

    [TestCaseSource(nameof(Open))]
    public async Task OpenMethod_WithoutCredentials_AnswersForItself(Row row)
    {
        HttpResponseMessage response = await SendAsync(row, authorization: null);

        Assert.That(await response.Content.ReadAsStringAsync(), Does.Not.Contain("AuthMissing"));
        Assert.That((int)response.StatusCode, Is.LessThan(500));
    }

    /// <summary>Pitfall E 92.</summary>
    [TestCaseSource(nameof(Methods))]
    public async Task Method_WithAnAppPassword_IsOpenUnlessItNeedsTheAccountPassword(Row row)
    {
        using AccountClient owner = await Pds.CreateAccountAsync();
        JsonNode made = await (await owner.PostAsync(Server + "createAppPassword", new JsonObject { ["name"] = "app", ["privileged"] = true })).ShouldBeJsonAsync();
        JsonNode session = await (await Pds.Http.SignInAsync(owner.Handle.ToString(), (string)made["password"]!)).ShouldBeJsonAsync();

        HttpResponseMessage response = await SendAsync(row, $"Bearer {session["accessJwt"]}");

        await ShouldBeRefusedAsync(response, row.Full, HttpStatusCode.BadRequest, "InvalidToken", "Bad token scope");
    }

    [TestCaseSource(nameof(Methods))]
    public async Task Method_OfATakendownAccount_IsOpenWhereTheOwnerMayStillAct(Row row)
    {
        using AccountClient owner = await Pds.CreateAccountAsync();
        await Pds.TakeDownAsync(owner.Did);
        JsonNode session = await (await Pds.Http.SignInAsync(owner.Handle.ToString(), allowTakendown: true)).ShouldBeJsonAsync();

        HttpResponseMessage before = await SendAsync(row, $"Bearer {owner.AccessJwt}");
        HttpResponseMessage after = await SendAsync(row, $"Bearer {session["accessJwt"]}");

        await ShouldBeRefusedAsync(before, row.RefusesTakendown, HttpStatusCode.Unauthorized, "AccountTakedown", "Account has been taken down");
        await ShouldBeRefusedAsync(after, !row.OpenToTakendown, HttpStatusCode.BadRequest, "InvalidToken", "Bad token scope");
    }

    [TestCaseSource(nameof(Methods))]
    public async Task Method_OfADeactivatedAccount_IsOpen(Row row)
    {
        using AccountClient owner = await Pds.CreateAccountAsync();
        await owner.PostAsync(Server + "deactivateAccount", new JsonObject());

        HttpResponseMessage response = await SendAsync(row, $"Bearer {owner.AccessJwt}");

        await ShouldBeRefusedAsync(response, isRefused: false, HttpStatusCode.Unauthorized, "AccountDeactivated", null);
    }

    [Test]
    public async Task Methods_OverOAuth_NeedWhatTheirRowsSay()
    {
        using OAuthClient client = new(Pds) { Scope = "atproto", ClientId = OAuthClient.Loopback + "atproto" };
        string token = (string)(await client.SignInAsync(_alice))["access_token"]!;

        foreach (Row row in Methods)
        {
            HttpResponseMessage response = await client.CallAsync(new HttpMethod(row.Verb), row.Method, token, row.Input is null ? null : JsonNode.Parse(row.Input), row.Query);
            string text = await response.Content.ReadAsStringAsync();
            (HttpStatusCode, string?) found = (response.StatusCode, response.IsSuccessStatusCode ? null : (string?)JsonNode.Parse(text)!["error"]);
            (HttpStatusCode, string?) expected = row.Scope switch
            {
                null => (HttpStatusCode.Forbidden, "Forbidden"),
                AnyScope => (HttpStatusCode.OK, null),
                _ => (HttpStatusCode.Forbidden, "ScopeMissingError"),
            };
            Assert.That(found, Is.EqualTo(expected), $"{row}: {text}");
        }
    }

    [TestCaseSource(nameof(Operators))]
    public async Task OperatorsMethod_WithOtherCredentials_IsRefused(Row row)
    {
        HttpResponseMessage wrong = await SendAsync(row, "Basic " + Convert.ToBase64String("admin:wrong password"u8.ToArray()));
        HttpResponseMessage user = await SendAsync(row, $"Bearer {_alice.AccessJwt}");

        await wrong.ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "AuthenticationRequired");
        await user.ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, row.Full ? "AuthenticationRequired" : "BadJwtType");
    }

    /// <summary>Lexicons may grow: what a server does not know is not its business.</summary>
    [TestCaseSource(nameof(Operators))]
    public async Task OperatorsMethod_WithMoreThanItKnows_IgnoresIt(Row row)
    {
        JsonNode? input = row.Input is null ? null : JsonNode.Parse(row.Input);
        input?.AsObject().Add("somethingNew", new JsonObject { ["a"] = new JsonArray(1, "b") });
        Row more = row with { Input = input?.ToJsonString(), Query = row.Query + (row.Query.Length == 0 ? "?" : "&") + "somethingNew=1" };
        string credentials = "Basic " + Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"admin:{PdsApplication.AdminPassword}"));

        HttpResponseMessage[] responses = [await SendAsync(row, credentials), await SendAsync(more, credentials)];

        Assert.That(responses[1].StatusCode, Is.EqualTo(responses[0].StatusCode), await responses[1].Content.ReadAsStringAsync());
        Assert.That((int)responses[1].StatusCode, Is.LessThan(500));
    }

    private static async Task ShouldBeRefusedAsync(HttpResponseMessage response, bool isRefused, HttpStatusCode status, string error, string? message)
    {
        string text = await response.Content.ReadAsStringAsync();
        if (isRefused)
        {
            JsonNode body = await response.ShouldBeXrpcErrorAsync(status, error);
            Assert.That((string?)body["message"], Is.EqualTo(message));
        }
        else
        {
            Assert.That((int)response.StatusCode, Is.LessThan(500), text);
            Assert.That(text, Does.Not.Contain($"\"{error}\",\"message\":\"{message}"));
        }
    }

    private async Task<HttpResponseMessage> SendAsync(Row row, string? authorization)
    {
        using HttpRequestMessage request = new(new HttpMethod(row.Verb), $"/xrpc/{row.Method}{row.Query}");
        request.Content = row.Input is null ? null : new StringContent(row.Input, System.Text.Encoding.UTF8, "application/json");
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        return await Pds.Http.SendAsync(request);
    }

    /// <summary>A row of the tables.</summary>
    internal sealed record Row(string Verb, string Method)
    {
        public string Query { get; init; } = "";

        public string? Input { get; init; }

        /// <summary>Needs a session made with the account password.</summary>
        public bool Full { get; init; }

        /// <summary>TD.</summary>
        public bool RefusesTakendown { get; init; }

        /// <summary>+takendown.</summary>
        public bool OpenToTakendown { get; init; }

        /// <summary>What an OAuth credential needs; <see langword="null"/> where none will do.</summary>
        public string? Scope { get; init; }

        public override string ToString() => Method;
    }
}
