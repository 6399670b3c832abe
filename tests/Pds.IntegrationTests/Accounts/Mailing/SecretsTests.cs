using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Pds.Application.DependencyInjection;
using Pds.IntegrationTests.Embedding;
using Pds.IntegrationTests.OAuth;

namespace Pds.IntegrationTests.Accounts.Mailing;

/// <summary>Marked secrets go through every flow; they must turn up in no log, no refusal and no file.</summary>
internal sealed class SecretsTests
{
    private const string Server = "com.atproto.server.";
    private const string Identity = "com.atproto.identity.";
    private const string Password = "marked-password-51c8";
    private const string NextPassword = "marked-password-9e0d";
    private const string Typo = "marked-password-typo";
    private const string Email = "marked-address-77@example.com";

    private const string OperatorsTypo = "marked-password-of-nobody";

    private readonly List<string> _secrets = [Password, NextPassword, Typo, OperatorsTypo, PdsApplication.AdminPassword, PdsApplication.JwtSecret, new('1', 64)];
    private readonly StringBuilder _refusals = new();

    [Test]
    public async Task Flows_LeaveNoSecretBehind()
    {
        LogLines log = new();
        await using PdsApplication pds = await PdsApplication.StartAsync(new Dictionary<string, string?> { ["LOG_LEVEL"] = "trace" }, services =>
        {
            services.AddLogging(logging => logging.AddProvider(log).AddFilter<LogLines>(null, LogLevel.Trace));
            services.Configure<PdsOptions>(options => options.SignIn.MinSignInTime = TimeSpan.Zero);
        });

        await RunAsync(pds);

        string logged = string.Join('\n', log.Lines);
        string refused = _refusals.ToString();
        string[] files = [.. Directory.GetFiles(pds.Directory, "pds.sqlite*").Select(ReadShared)];
        Assert.That(logged, Is.Not.Empty);
        Assert.That(refused, Is.Not.Empty);
        Assert.That(files, Is.Not.Empty);
        Assert.That(files.Any(file => file.Contains(Email, StringComparison.Ordinal)), Is.True, "the search would find what is there");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(logged, Does.Not.Contain(Email));
            foreach (string secret in _secrets.SelectMany(secret => new[] { secret, secret.ToLowerInvariant() }))
            {
                Assert.That(logged, Does.Not.Contain(secret), "log");
                Assert.That(refused, Does.Not.Contain(secret), "refusal");
                Assert.That(files.Any(file => file.Contains(secret, StringComparison.Ordinal)), Is.False, $"file: {secret}");
            }
        }
    }

    private static string ReadShared(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using MemoryStream copy = new();
        file.CopyTo(copy);
        return Encoding.Latin1.GetString(copy.ToArray());
    }

    private async Task RunAsync(PdsApplication pds)
    {
        JsonNode made = await (await pds.Http.PostXrpcAsync(Server + "createAccount", GivenAccounts.SignUp("marked.test", Email, Password))).ShouldBeJsonAsync();
        using AccountClient alice = new(pds, made);
        _secrets.AddRange([alice.AccessJwt, alice.RefreshJwt]);

        string confirm = await MailedAsync(pds, alice, Server + "requestEmailConfirmation");
        await PostAsync(alice.Http, Server + "confirmEmail", new JsonObject { ["email"] = Email, ["token"] = confirm + "X" }, refused: true);
        await PostAsync(alice.Http, Server + "confirmEmail", new JsonObject { ["email"] = Email, ["token"] = confirm });

        await AuthorizeAsync(pds, alice);
        await AdministrateAsync(pds, alice);

        JsonObject signIn = new() { ["identifier"] = "marked.test", ["password"] = Password };
        using AccountClient again = new(pds, JsonNode.Parse(await PostAsync(pds.Http, Server + "createSession", signIn))!); // the operator ended the first session
        _secrets.AddRange([again.AccessJwt, again.RefreshJwt]);
        string update = await MailedAsync(pds, again, Server + "requestEmailUpdate");
        await PostAsync(again.Http, Server + "updateEmail", new JsonObject { ["email"] = Email, ["emailAuthFactor"] = false, ["token"] = update + "X" }, refused: true);
        await PostAsync(again.Http, Server + "updateEmail", new JsonObject { ["email"] = Email, ["emailAuthFactor"] = true, ["token"] = update });

        await PostAsync(pds.Http, Server + "createSession", new JsonObject { ["identifier"] = "marked.test", ["password"] = Typo }, refused: true);
        await PostAsync(pds.Http, Server + "createSession", new JsonObject { ["identifier"] = Typo, ["password"] = Typo }, refused: true);
        await PostAsync(pds.Http, Server + "createSession", signIn, refused: true);
        string factor = Remember(pds.LastToken(Email));
        signIn["authFactorToken"] = factor + "X";
        await PostAsync(pds.Http, Server + "createSession", signIn, refused: true);
        signIn["authFactorToken"] = factor;
        JsonNode session = JsonNode.Parse(await PostAsync(pds.Http, Server + "createSession", signIn))!;
        _secrets.AddRange([(string)session["accessJwt"]!, (string)session["refreshJwt"]!]);

        using AccountClient renewed = new(pds, session);
        JsonNode app = JsonNode.Parse(await PostAsync(renewed.Http, Server + "createAppPassword", new JsonObject { ["name"] = "app" }))!;
        string appPassword = Remember((string)app["password"]!);
        await PostAsync(pds.Http, Server + "createSession", new JsonObject { ["identifier"] = "marked.test", ["password"] = appPassword });

        string sign = await MailedAsync(pds, alice, Identity + "requestPlcOperationSignature");
        await PostAsync(alice.Http, Identity + "signPlcOperation", new JsonObject { ["token"] = sign + "X" }, refused: true);
        await PostAsync(alice.Http, Identity + "signPlcOperation", new JsonObject { ["token"] = sign });

        await PostAsync(pds.Http, Server + "requestPasswordReset", new JsonObject { ["email"] = Email });
        string reset = Remember(pds.LastToken(Email));
        await PostAsync(pds.Http, Server + "resetPassword", new JsonObject { ["token"] = reset + "X", ["password"] = NextPassword }, refused: true);
        await PostAsync(pds.Http, Server + "resetPassword", new JsonObject { ["token"] = reset, ["password"] = NextPassword });

        string delete = await MailedAsync(pds, alice, Server + "requestAccountDelete");
        await PostAsync(pds.Http, Server + "deleteAccount", new JsonObject { ["did"] = alice.Did.ToString(), ["password"] = Typo, ["token"] = delete }, refused: true);
        await PostAsync(pds.Http, Server + "deleteAccount", new JsonObject { ["did"] = alice.Did.ToString(), ["password"] = NextPassword, ["token"] = delete + "X" }, refused: true);
    }

    /// <summary>A client of OAuth: wrong password, right one, code, tokens, refresh, a used token, and the end.</summary>
    private async Task AuthorizeAsync(PdsApplication pds, AccountClient account)
    {
        using OAuthClient client = new(pds);
        using Browser browser = new(pds);
        Page page = await browser.OpenAsync(client.AuthorizeAddress(await client.PushAsync()));
        page = await page.SignInAsync(account, Typo);
        Assert.That(page.Text, Does.Not.Contain(Typo));
        page = await page.SignInAsync(account, Password, remember: true);
        string code = Remember((await page.SubmitAsync("answer", ("answer", "yes"))).Answer()["code"]);
        // The id of a browser is no secret; what proves it is the other cookie.
        _secrets.AddRange(browser.Cookies.GetAllCookies().Where(cookie => cookie.Value.Length >= 32 && !cookie.Value.StartsWith("dev-", StringComparison.Ordinal)).Select(cookie => cookie.Value));
        JsonNode tokens = await (await client.PostAsync("/oauth/token", client.CodeForm(code))).ShouldBeJsonAsync();
        string access = Remember((string)tokens["access_token"]!);
        string refresh = Remember((string)tokens["refresh_token"]!);
        await (await client.CallAsync(HttpMethod.Get, Server + "getSession", access)).ShouldBeJsonAsync();
        JsonNode next = await (await client.PostAsync("/oauth/token", client.RefreshForm(refresh))).ShouldBeJsonAsync();
        _secrets.AddRange([(string)next["access_token"]!, (string)next["refresh_token"]!, client.Verifier]);
        foreach (HttpResponseMessage refusal in new[]
        {
            await client.CallAsync(HttpMethod.Get, Server + "getSession", access),
            await client.PostAsync("/oauth/token", client.CodeForm(code)),
            await client.PostAsync("/oauth/token", client.RefreshForm(refresh)),
        })
        {
            Assert.That((int)refusal.StatusCode, Is.InRange(400, 499));
            _refusals.AppendLine(await refusal.Content.ReadAsStringAsync()).AppendLine(refusal.Headers.ToString());
        }
    }

    /// <summary>Service tokens, an operator's typo, and a password that the operator sets.</summary>
    private async Task AdministrateAsync(PdsApplication pds, AccountClient account)
    {
        JsonNode token = await (await account.GetAsync(Server + "getServiceAuth", ("aud", "did:web:x.example"))).ShouldBeJsonAsync();
        Remember((string)token["token"]!);
        using HttpClient stranger = pds.CreateClient();
        stranger.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"admin:{OperatorsTypo}")));
        JsonObject input = new() { ["did"] = account.Did.ToString(), ["password"] = Password };
        await PostAsync(stranger, "com.atproto.admin.updateAccountPassword", input, refused: true);
        using HttpClient admin = pds.CreateOperator();
        Remember(admin.DefaultRequestHeaders.Authorization!.Parameter!);
        await PostAsync(admin, "com.atproto.admin.updateAccountPassword", input);
        JsonNode session = await (await pds.Http.SignInAsync("marked.test", Password)).ShouldBeJsonAsync();
        _secrets.AddRange([(string)session["accessJwt"]!, (string)session["refreshJwt"]!]);
    }

    private string Remember(string secret)
    {
        _secrets.Add(secret);
        return secret;
    }

    private async Task<string> MailedAsync(PdsApplication pds, AccountClient account, string method) => Remember(await pds.RequestTokenAsync(account, method, Email));

    private async Task<string> PostAsync(HttpClient http, string method, JsonObject input, bool refused = false)
    {
        HttpResponseMessage response = await http.PostXrpcAsync(method, input);
        string text = await response.Content.ReadAsStringAsync();
        Assert.That(response.IsSuccessStatusCode, Is.EqualTo(!refused), $"{method}: {text}");
        if (refused)
        {
            _refusals.AppendLine(text);
        }

        return text;
    }
}
