using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Pds.Application.DependencyInjection;
using Pds.Application.Factors;
using Pds.Application.Moderation;
using Pds.Application.Pipeline;
using Pds.Domain.Errors;
using Pds.IntegrationTests.Accounts;
using Pds.IntegrationTests.Accounts.Mailing;

namespace Pds.IntegrationTests.Factors;

/// <summary>Codes of authenticator apps, and what stands in for them.</summary>
internal sealed class AuthenticatorTests : PdsTest
{
    private const string Server = "com.atproto.server.";
    private readonly ManualTime _time = new();

    [Test]
    public async Task CreateSession_WhenTheAppIsOn_NeedsItsCode()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        AuthenticatorApp app = await Pds.TurnOnAuthenticatorAsync(alice);
        NextStep();

        JsonNode refusal = await (await Pds.Http.SignInWithCodeAsync(alice)).ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "AuthFactorTokenRequired");
        await (await Pds.Http.SignInWithCodeAsync(alice, app.WrongCode())).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidToken");
        JsonNode session = await (await Pds.Http.SignInWithCodeAsync(alice, app.Code())).ShouldBeJsonAsync();

        Assert.That((string?)refusal["message"], Does.Contain("authenticator"));
        Assert.That((bool?)session["emailAuthFactor"], Is.False, "that is about the mailbox");
    }

    [Test]
    public async Task CreateSession_WithACodeThatWasUsed_IsRefused()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        AuthenticatorApp app = await Pds.TurnOnAuthenticatorAsync(alice);
        await (await Pds.Http.SignInWithCodeAsync(alice, app.Code())).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidToken");
        NextStep();
        string code = app.Code();
        string before = app.Code(-1);

        await (await Pds.Http.SignInWithCodeAsync(alice, code)).ShouldBeJsonAsync();

        await (await Pds.Http.SignInWithCodeAsync(alice, code)).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidToken");
        await (await Pds.Http.SignInWithCodeAsync(alice, before)).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidToken");
        await (await Pds.Http.SignInWithCodeAsync(alice, app.Code(1))).ShouldBeJsonAsync();
    }

    [Test]
    public async Task CreateSession_WithOneCodeTwiceAtOnce_LetsOneIn()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        AuthenticatorApp app = await Pds.TurnOnAuthenticatorAsync(alice);
        string code = app.Code(1);

        HttpResponseMessage[] responses = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Pds.Http.SignInWithCodeAsync(alice, code)));

        Assert.That(responses.Count(response => response.IsSuccessStatusCode), Is.EqualTo(1));
    }

    [Test]
    public async Task CreateSession_WithARecoveryCode_WorksOnceAndTellsTheOwner()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        AuthenticatorApp app = await Pds.TurnOnAuthenticatorAsync(alice);
        string code = app.RecoveryCodes[3];

        await (await Pds.Http.SignInWithCodeAsync(alice, $" {code.Replace("-", "").ToLowerInvariant()} ")).ShouldBeJsonAsync();

        await (await Pds.Http.SignInWithCodeAsync(alice, code)).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidToken");
        Assert.That((await Pds.FactorsAsync(alice)).RecoveryCodesLeft, Is.EqualTo(9));
        Assert.That(NoticesTo(alice), Has.Some.Contains("one of its recovery codes"));
        await (await Pds.Http.SignInWithCodeAsync(alice, app.RecoveryCodes[4])).ShouldBeJsonAsync();
    }

    [Test]
    public async Task RenewRecoveryCodes_EndsThoseBefore()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        AuthenticatorApp app = await Pds.TurnOnAuthenticatorAsync(alice);

        RecoveryCodesOutput renewed = await Pds.SendAsync(new RenewRecoveryCodesCommand(alice.Caller()));

        Assert.That(renewed.Codes, Has.Count.EqualTo(10).And.Unique);
        Assert.That(renewed.Codes.Intersect(app.RecoveryCodes), Is.Empty);
        await (await Pds.Http.SignInWithCodeAsync(alice, app.RecoveryCodes[0])).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidToken");
        await (await Pds.Http.SignInWithCodeAsync(alice, renewed.Codes[0])).ShouldBeJsonAsync();
    }

    [Test]
    public async Task CreateSession_WithAnAppPassword_NeedsNoCode()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        JsonNode made = await (await alice.PostAsync(Server + "createAppPassword", new JsonObject { ["name"] = "app" })).ShouldBeJsonAsync();
        await Pds.TurnOnAuthenticatorAsync(alice);

        HttpResponseMessage response = await Pds.Http.SignInWithCodeAsync(alice, password: (string)made["password"]!);

        await response.ShouldBeJsonAsync();
    }

    [Test]
    public async Task CreateSession_WhenMailboxAndAppAreOn_AsksForTheAppAndMailsNothing()
    {
        using AccountClient alice = await Pds.CreateConfirmedAccountAsync();
        await (await alice.PostAsync(Server + "updateEmail", new JsonObject { ["email"] = GivenMail.EmailOf(alice), ["emailAuthFactor"] = true })).Content.ReadAsStringAsync();
        AuthenticatorApp app = await Pds.TurnOnAuthenticatorAsync(alice);
        int mails = Pds.Mails.Count;

        await (await Pds.Http.SignInWithCodeAsync(alice)).ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "AuthFactorTokenRequired");
        JsonNode session = await (await Pds.Http.SignInWithCodeAsync(alice, app.Code(1))).ShouldBeJsonAsync();

        Assert.That(Pds.Mails, Has.Count.EqualTo(mails));
        Assert.That((bool?)session["emailAuthFactor"], Is.True);
    }

    [Test]
    public async Task CreateSession_AfterFiveWrongCodes_IsClosedToThatAddress()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        AuthenticatorApp app = await Pds.TurnOnAuthenticatorAsync(alice);
        using HttpClient eve = Pds.CreateClientFrom("203.0.113.20");
        for (int i = 0; i < 5; i++)
        {
            await (await eve.SignInWithCodeAsync(alice, app.WrongCode())).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidToken");
        }

        await (await eve.SignInWithCodeAsync(alice, app.Code(1))).ShouldBeXrpcErrorAsync(HttpStatusCode.TooManyRequests, "RateLimitExceeded");
        await (await eve.SignInWithCodeAsync(alice, app.RecoveryCodes[0])).ShouldBeXrpcErrorAsync(HttpStatusCode.TooManyRequests, "RateLimitExceeded");
        await (await Pds.Http.SignInWithCodeAsync(alice, app.Code(1))).ShouldBeJsonAsync();
    }

    [Test]
    public async Task CreateSession_AfterTwentyWrongCodesFromEverywhere_TakesRecoveryCodesOnly()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        AuthenticatorApp app = await Pds.TurnOnAuthenticatorAsync(alice);
        for (int i = 0; i < 20; i++)
        {
            using HttpClient eve = Pds.CreateClientFrom($"203.0.113.{30 + (i / 4)}");
            await (await eve.SignInWithCodeAsync(alice, app.WrongCode())).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidToken");
        }

        await (await Pds.Http.SignInWithCodeAsync(alice, app.Code(1))).ShouldBeXrpcErrorAsync(HttpStatusCode.TooManyRequests, "RateLimitExceeded");
        await (await Pds.Http.SignInWithCodeAsync(alice, app.RecoveryCodes[0])).ShouldBeJsonAsync();

        _time.Advance(TimeSpan.FromMinutes(16));
        await (await Pds.Http.SignInWithCodeAsync(alice, app.Code())).ShouldBeJsonAsync();
    }

    [Test]
    public async Task ResetPassword_LeavesTheAppOn()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        AuthenticatorApp app = await Pds.TurnOnAuthenticatorAsync(alice);
        string device = await Pds.OpenDeviceAsync();
        await TrustAsync(alice, device);
        await Pds.Http.PostXrpcAsync(Server + "requestPasswordReset", new JsonObject { ["email"] = GivenMail.EmailOf(alice) });
        string token = Pds.LastToken(GivenMail.EmailOf(alice));
        const string Next = "another password altogether";

        HttpResponseMessage reset = await Pds.Http.PostXrpcAsync(Server + "resetPassword", new JsonObject { ["token"] = token, ["password"] = Next });

        Assert.That(reset.IsSuccessStatusCode, Is.True);
        await (await Pds.Http.SignInWithCodeAsync(alice, password: Next)).ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "AuthFactorTokenRequired");
        await (await Pds.Http.SignInWithCodeAsync(alice, app.Code(1), Next)).ShouldBeJsonAsync();
        Assert.That((await Pds.FactorsAsync(alice)).TrustedBrowsers, Is.Empty, "a browser that was trusted is asked again");
    }

    [Test]
    public async Task BeginAuthenticator_UntilItIsConfirmed_ChangesNothing()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();

        BeginAuthenticatorOutput first = await Pds.SendAsync(new BeginAuthenticatorCommand(alice.Caller()));
        BeginAuthenticatorOutput again = await Pds.SendAsync(new BeginAuthenticatorCommand(alice.Caller()));
        _time.Advance(TimeSpan.FromMinutes(11));
        BeginAuthenticatorOutput later = await Pds.SendAsync(new BeginAuthenticatorCommand(alice.Caller()));

        Assert.That(again.Secret, Is.EqualTo(first.Secret).And.Length.EqualTo(32));
        Assert.That(later.Secret, Is.Not.EqualTo(first.Secret));
        Assert.That(later.Address, Does.StartWith("otpauth://totp/").And.Contain($":{alice.Handle}?secret={later.Secret}&"));
        AuthenticatorApp stale = new(first.Secret, _time);
        Assert.That(() => Pds.SendAsync(new ConfirmAuthenticatorCommand(alice.Caller(), stale.Code())), Refused("InvalidToken"));
        await (await Pds.Http.SignInWithCodeAsync(alice)).ShouldBeJsonAsync();
    }

    [Test]
    public async Task RemoveAuthenticator_LetsThePasswordSignInAlone()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        await Pds.TurnOnAuthenticatorAsync(alice);
        Assert.That(() => Pds.SendAsync(new BeginAuthenticatorCommand(alice.Caller())), Refused("InvalidRequest"));

        await Pds.SendAsync(new RemoveAuthenticatorCommand(alice.Caller()));

        await (await Pds.Http.SignInWithCodeAsync(alice)).ShouldBeJsonAsync();
        ListFactorsOutput left = await Pds.FactorsAsync(alice);
        Assert.That((left.AuthenticatorSince, left.RecoveryCodesLeft), Is.EqualTo(((DateTimeOffset?)null, 0)));
        Assert.That(NoticesTo(alice), Has.Some.Contains("was turned off").And.Some.Contains("was set up"));
        Assert.That(() => Pds.SendAsync(new RenewRecoveryCodesCommand(alice.Caller())), Refused("InvalidRequest"));
    }

    [Test]
    public async Task Factors_OfAnAppPassword_AreNotToBeTouched()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        Caller app = new Caller.Session(alice.Did, SessionScope.AppPassPrivileged);

        Assert.That(() => Pds.SendAsync(new BeginAuthenticatorCommand(app)), Refused("InvalidToken"));
        Assert.That(() => Pds.SendAsync(new RemoveAuthenticatorCommand(app)), Refused("InvalidToken"));
        Assert.That(() => Pds.SendAsync(new RenewRecoveryCodesCommand(app)), Refused("InvalidToken"));
        Assert.That(() => Pds.SendAsync(new BeginPasskeyCommand(app, "dev")), Refused("InvalidToken"));
        Assert.That(() => Pds.SendAsync(new ListFactorsQuery(app)), Refused("InvalidToken"));
    }

    [Test]
    public async Task TrustedBrowser_IsTrustedForThirtyDaysUnlessTakenBack()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        string desk = await Pds.OpenDeviceAsync();
        string phone = await Pds.OpenDeviceAsync();
        await TrustAsync(alice, desk);
        await TrustAsync(alice, phone);
        ITrustedBrowserStore store = Pds.Services.GetRequiredService<ITrustedBrowserStore>();

        await Pds.SendAsync(new DistrustBrowserCommand(alice.Caller(), phone));

        TrustedBrowser left = (await Pds.FactorsAsync(alice)).TrustedBrowsers.Single();
        Assert.That((left.DeviceId, left.UserAgent), Is.EqualTo((desk, "Test/1.0")));
        Assert.That(await store.IsTrustedAsync(alice.Did, desk, _time.GetUtcNow().AddDays(29), default), Is.True);
        Assert.That(await store.IsTrustedAsync(alice.Did, desk, _time.GetUtcNow().AddDays(31), default), Is.False);
        Assert.That(await store.IsTrustedAsync(alice.Did, phone, _time.GetUtcNow(), default), Is.False);
    }

    [Test]
    public async Task ResetAccountFactors_OfTheOperator_TakesEverythingAndLeavesARow()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        using SoftwareAuthenticator key = new(Pds.Options.Server.PublicOrigin);
        await Pds.TurnOnAuthenticatorAsync(alice);
        await Pds.AddPasskeyAsync(alice, key);
        using HttpClient admin = Pds.CreateClient();
        admin.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"admin:{PdsApplication.AdminPassword}")));
        JsonObject input = new() { ["did"] = alice.Did.ToString(), ["reason"] = "lost phone" };

        await (await Pds.Http.PostXrpcAsync("_resetAccountFactors", input.DeepClone())).ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "AuthenticationRequired");
        await (await alice.PostAsync("_resetAccountFactors", input.DeepClone())).ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "AuthenticationRequired");
        HttpResponseMessage reset = await admin.PostXrpcAsync("_resetAccountFactors", input);

        Assert.That(reset.IsSuccessStatusCode, Is.True);
        await (await Pds.Http.SignInWithCodeAsync(alice)).ShouldBeJsonAsync();
        ListFactorsOutput left = await Pds.FactorsAsync(alice);
        Assert.That((left.AuthenticatorSince, left.RecoveryCodesLeft, left.Passkeys.Count), Is.EqualTo(((DateTimeOffset?)null, 0, 0)));
        var audit = await Pds.Services.GetRequiredService<IAuditLog>().ReadAsync(0, 100, default);
        Assert.That(
            audit.Select(row => (row.Act.Action, row.Act.Subject, row.Act.Reason, row.Act.Outcome)),
            Has.Member(("pds account reset-factors", alice.Did.ToString(), "lost phone", "done")));
        Assert.That(NoticesTo(alice), Has.Some.Contains("operator"));
    }

    protected override Task<PdsApplication> StartAsync() => PdsApplication.StartAsync(services: services =>
    {
        services.Replace(ServiceDescriptor.Singleton<TimeProvider>(_time));
        services.Configure<PdsOptions>(options => options.SignIn.MinSignInTime = TimeSpan.Zero);
    });

    private static NUnit.Framework.Constraints.IResolveConstraint Refused(string error) =>
        Throws.TypeOf<XrpcException>().With.Property(nameof(XrpcException.Error)).Property(nameof(XrpcError.Name)).EqualTo(error);

    /// <summary>The confirmation has used a step.</summary>
    private void NextStep() => _time.Advance(TimeSpan.FromSeconds(30));

    private async Task TrustAsync(AccountClient account, string device) => await Pds.Services.GetRequiredService<ITrustedBrowserStore>()
        .TrustAsync(await Pds.ProofAsync(account), device, _time.GetUtcNow(), _time.GetUtcNow().AddDays(30), CancellationToken.None);

    private IEnumerable<string> NoticesTo(AccountClient account) =>
        Pds.Mails.Where(mail => mail.Mail.To == GivenMail.EmailOf(account) && mail.Mail.Subject == "Sign In Settings Changed").Select(mail => mail.Mail.Text);
}
