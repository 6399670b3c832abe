using System.Buffers.Text;
using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;

namespace Pds.IntegrationTests.Accounts;

internal sealed class SessionTests : PdsTest
{
    private readonly ManualTime _time = new();

    // Pitfall E 108.
    [Test]
    public async Task CreateSession_ByHandleDidOrAddress_AnswersTheAccount([Values("handle", "did", "email", "@handle", "HANDLE")] string kind)
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        string handle = alice.Handle.ToString();
        string identifier = kind switch
        {
            "did" => alice.Did.ToString(),
            "email" => $"{handle}@Example.com",
            "@handle" => $"@{handle}",
            "HANDLE" => handle.ToUpperInvariant(),
            _ => handle,
        };

        JsonNode session = await (await Pds.Http.SignInAsync(identifier)).ShouldBeJsonAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That((string?)session["did"], Is.EqualTo(alice.Did.ToString()));
            Assert.That((string?)session["handle"], Is.EqualTo(handle));
            Assert.That((string?)session["email"], Is.EqualTo($"{handle}@example.com"));
            Assert.That((bool?)session["emailConfirmed"], Is.False);
            Assert.That((bool?)session["active"], Is.True);
            Assert.That(session["status"], Is.Null);
            Assert.That(session["didDoc"], Is.Null, "with it, the official client would follow it to another server");
        }
    }

    [Test]
    public async Task CreateSession_WhereTheOperatorWantsIt_CarriesTheDocument()
    {
        await using PdsApplication pds = await PdsApplication.StartAsync(new Dictionary<string, string?> { ["PDS_ENABLE_DID_DOC_WITH_SESSION"] = "true" });
        using AccountClient alice = await pds.CreateAccountAsync();

        JsonNode session = await (await alice.GetAsync("com.atproto.server.getSession")).ShouldBeJsonAsync();

        Assert.That((string?)session["didDoc"]?["id"], Is.EqualTo(alice.Did.ToString()));
    }

    [TestCase(" {0} ")]
    [TestCase("\u200E@{0}\u200F")]
    [TestCase("\u2068{0}\u2069")]
    [TestCase("\uFEFF{0}@Example.com\t")]
    public async Task CreateSession_WithAnIdentifierAsItWasPasted_SignsIn(string pasted)
    {
        using AccountClient alice = await Pds.CreateAccountAsync();

        JsonNode session = await (await Pds.Http.SignInAsync(pasted.Replace("{0}", alice.Handle.ToString(), StringComparison.Ordinal))).ShouldBeJsonAsync();

        Assert.That((string?)session["did"], Is.EqualTo(alice.Did.ToString()));
    }

    [TestCase("zoë@bücher.example", "ZOË@xn--bcher-kva.example")]
    [TestCase("用户@例子.广告", "用户@例子.广告")]
    public async Task CreateSession_WithAnAddressOfAnyScript_FindsTheAccount(string signedUp, string signedIn)
    {
        string handle = $"i{Guid.NewGuid().ToString("N")[..8]}.test";
        JsonNode account = await (await Pds.Http.PostXrpcAsync("com.atproto.server.createAccount", GivenAccounts.SignUp(handle, signedUp))).ShouldBeJsonAsync();

        JsonNode session = await (await Pds.Http.SignInAsync(signedIn)).ShouldBeJsonAsync();
        HttpResponseMessage again = await Pds.Http.PostXrpcAsync("com.atproto.server.createAccount", GivenAccounts.SignUp($"x{handle}", signedIn));

        Assert.That((string?)session["did"], Is.EqualTo((string?)account["did"]));
        await again.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
    }

    [TestCase("nobody.test", PdsApplication.Password)]
    [TestCase("nobody@example.com", PdsApplication.Password)]
    [TestCase("not an identifier", PdsApplication.Password)]
    [TestCase(null, "wrong password")]
    [TestCase(null, "abcd-efgh-ijkl-mnop")]
    public async Task CreateSession_WhenAnythingIsWrong_AnswersTheSame(string? identifier, string password)
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        long start = Stopwatch.GetTimestamp();

        HttpResponseMessage response = await Pds.Http.SignInAsync(identifier ?? alice.Handle.ToString(), password);

        JsonNode body = await response.ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "AuthenticationRequired");
        Assert.That((string?)body["message"], Is.EqualTo("Invalid identifier or password"));
        Assert.That(Stopwatch.GetElapsedTime(start), Is.GreaterThan(TimeSpan.FromMilliseconds(340)));
    }

    [Test]
    public async Task CreateSession_WhenThePasswordIsOver512Characters_Refuses() =>
        await (await Pds.Http.SignInAsync("nobody.test", new string('x', 513))).ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "AuthenticationRequired");

    [Test]
    public async Task GetSession_WhenSignedIn_AnswersTheAccountWithoutTokens()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();

        JsonNode session = await (await alice.GetAsync("com.atproto.server.getSession")).ShouldBeJsonAsync();

        Assert.That((string?)session["did"], Is.EqualTo(alice.Did.ToString()));
        Assert.That(session["accessJwt"], Is.Null);
    }

    [Test]
    public async Task GetSession_WithoutToken_AnswersAuthMissing() =>
        await (await Pds.Http.GetXrpcAsync("com.atproto.server.getSession")).ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "AuthMissing");

    [Test]
    public async Task GetSession_WithARefreshToken_AnswersInvalidToken()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();

        HttpResponseMessage response = await Pds.Http.SendAsync(HttpMethod.Get, "com.atproto.server.getSession", alice.RefreshJwt);

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidToken");
    }

    // Pitfall D 62.
    [Test]
    public async Task GetSession_WhenTheTokenIsExpired_AnswersExpiredToken()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        _time.Advance(TimeSpan.FromMinutes(121));

        HttpResponseMessage response = await alice.GetAsync("com.atproto.server.getSession");

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "ExpiredToken");
    }

    // Pitfalls E 89 and E 90.
    [Test]
    public async Task RefreshSession_WhenTwoAreAtOnce_GivesBothTheSameSuccessor()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();

        JsonNode[] sessions = await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
            await (await RefreshAsync(alice.RefreshJwt)).ShouldBeJsonAsync()));

        Assert.That(sessions.Select(session => Claim(session, "jti")).Distinct().Count(), Is.EqualTo(1));
        Assert.That(Claim(sessions[0], "jti"), Is.Not.EqualTo(Claim(alice.RefreshJwt, "jti")));
    }

    [Test]
    public async Task RefreshSession_AfterTheGracePeriod_RefusesTheOldTokenAndTakesTheNew()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        JsonNode next = await (await RefreshAsync(alice.RefreshJwt)).ShouldBeJsonAsync();
        _time.Advance(TimeSpan.FromHours(2) + TimeSpan.FromSeconds(1));

        HttpResponseMessage old = await RefreshAsync(alice.RefreshJwt);

        JsonNode body = await old.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "ExpiredToken");
        Assert.That((string?)body["message"], Is.EqualTo("Token has been revoked"));
        await (await RefreshAsync((string)next["refreshJwt"]!)).ShouldBeJsonAsync();
    }

    [Test]
    public async Task RefreshSession_WithAnAccessToken_AnswersInvalidToken()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();

        await (await RefreshAsync(alice.AccessJwt)).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidToken");
    }

    [Test]
    public async Task RefreshSession_WhenTakenDown_AnswersAccountTakedown()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        await Pds.TakeDownAsync(alice.Did);

        await (await RefreshAsync(alice.RefreshJwt)).ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "AccountTakedown");
    }

    [Test]
    public async Task DeleteSession_WhenCalledTwice_RevokesTheTokenOnce()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();

        HttpResponseMessage first = await Pds.Http.SendAsync(HttpMethod.Post, "com.atproto.server.deleteSession", alice.RefreshJwt);
        HttpResponseMessage second = await Pds.Http.SendAsync(HttpMethod.Post, "com.atproto.server.deleteSession", alice.RefreshJwt);

        Assert.That(new[] { first.StatusCode, second.StatusCode }, Is.All.EqualTo(HttpStatusCode.OK));
        await (await RefreshAsync(alice.RefreshJwt)).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "ExpiredToken");
        await (await alice.GetAsync("com.atproto.server.getSession")).ShouldBeJsonAsync();
    }

    // Pitfall E 91.
    [Test]
    public async Task DeleteSession_WhenTheTokenIsExpired_IsAccepted()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        _time.Advance(TimeSpan.FromDays(91));

        HttpResponseMessage response = await Pds.Http.SendAsync(HttpMethod.Post, "com.atproto.server.deleteSession", alice.RefreshJwt);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task CreateSession_WhenTakenDown_OpensOnlyTheWayOut()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        await Pds.TakeDownAsync(alice.Did);

        HttpResponseMessage refused = await Pds.Http.SignInAsync(alice.Did.ToString());
        JsonNode session = await (await Pds.Http.SignInAsync(alice.Did.ToString(), allowTakendown: true)).ShouldBeJsonAsync();

        await refused.ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "AccountTakedown");
        using AccountClient leaving = new(Pds, session);
        using (Assert.EnterMultipleScope())
        {
            Assert.That((string?)session["status"], Is.EqualTo("takendown"));
            Assert.That(Claim(session, "scope", "accessJwt"), Is.EqualTo("com.atproto.takendown"));
        }

        await (await leaving.GetAsync("com.atproto.server.getSession")).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidToken");
        await (await leaving.GetAsync("com.atproto.server.getServiceAuth", ("aud", "did:web:new.example"), ("lxm", "com.atproto.server.createAccount"))).ShouldBeJsonAsync();
        await (await leaving.GetAsync("com.atproto.server.getServiceAuth", ("aud", "did:web:new.example"), ("lxm", "com.example.other")))
            .ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidToken");
    }

    protected override Task<PdsApplication> StartAsync() => PdsApplication.StartAsync(_time);

    private static string? Claim(JsonNode session, string name, string token = "refreshJwt") => Claim((string)session[token]!, name);

    private static string? Claim(string token, string name) => (string?)JsonNode.Parse(Base64Url.DecodeFromChars(token.Split('.')[1]))![name];

    private Task<HttpResponseMessage> RefreshAsync(string token) => Pds.Http.SendAsync(HttpMethod.Post, "com.atproto.server.refreshSession", token);
}
