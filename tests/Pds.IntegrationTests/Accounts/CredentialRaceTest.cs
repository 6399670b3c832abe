using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Pds.Application.Accounts;
using Pds.Application.DependencyInjection;
using Pds.Application.Factors;
using Pds.Application.OAuth;
using Pds.IntegrationTests.Accounts.Mailing;

namespace Pds.IntegrationTests.Accounts;

/// <summary>Tests in which a credential changes between the judgement of it and what that leads to (pitfall 206).</summary>
internal abstract class CredentialRaceTest : PdsTest
{
    protected const string Server = "com.atproto.server.";
    protected const string NewPassword = "another password";

    protected Meanwhile Meanwhile { get; } = new();

    protected override Task<PdsApplication> StartAsync() => PdsApplication.StartAsync(services: services =>
    {
        services.Configure<PdsOptions>(options => options.SignIn.MinSignInTime = TimeSpan.Zero);
        Meanwhile.Watch<IAccountStore>(services);
        Meanwhile.Watch<ISessionStore>(services);
        Meanwhile.Watch<IAppPasswordStore>(services);
        Meanwhile.Watch<IEmailTokenStore>(services);
        Meanwhile.Watch<IDeviceStore>(services);
        Meanwhile.Watch<IOAuthSessionStore>(services);
        Meanwhile.Watch<IAuthorizationRequestStore>(services);
        Meanwhile.Watch<IConsentStore>(services);
        Meanwhile.Watch<IPasskeyStore>(services);
        Meanwhile.Watch<IAuthenticatorStore>(services);
        Meanwhile.Watch<IRecoveryCodeStore>(services);
        Meanwhile.Watch<ITrustedBrowserStore>(services);
        Meanwhile.Watch<IPendingSignInStore>(services);
    });

    [TearDown]
    public void RequireThatItHappened() => Assert.That(Meanwhile.IsDone, "nothing happened meanwhile: the test shows nothing");

    /// <summary>Sets another password by a token from the mailbox.</summary>
    protected async Task ResetPasswordAsync(AccountClient account)
    {
        await Pds.Http.PostXrpcAsync(Server + "requestPasswordReset", new JsonObject { ["email"] = GivenMail.EmailOf(account) });
        JsonObject reset = new() { ["token"] = Pds.LastToken(GivenMail.EmailOf(account)), ["password"] = NewPassword };
        Assert.That((await Pds.Http.PostXrpcAsync(Server + "resetPassword", reset)).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    protected static async Task<string> CreateAppPasswordAsync(AccountClient account, string name, bool privileged = false) =>
        (string)(await (await account.PostAsync(Server + "createAppPassword", new JsonObject { ["name"] = name, ["privileged"] = privileged })).ShouldBeJsonAsync())["password"]!;

    protected static async Task RevokeAppPasswordAsync(AccountClient account, string name) =>
        Assert.That((await account.PostAsync(Server + "revokeAppPassword", new JsonObject { ["name"] = name })).StatusCode, Is.EqualTo(HttpStatusCode.OK));

    protected async Task<IReadOnlyList<RefreshToken>> SessionsAsync(AccountClient account) =>
        await Pds.Services.GetRequiredService<ISessionStore>().ListAsync(account.Did, CancellationToken.None);
}
