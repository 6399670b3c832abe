using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Pds.Application.DependencyInjection;

namespace Pds.IntegrationTests.Accounts.Mailing;

internal sealed class PasswordResetTests : PdsTest
{
    private const string Server = "com.atproto.server.";
    private const string NewPassword = "another good password";

    // Pitfall E 96.
    [Test]
    public async Task RequestPasswordReset_WhetherKnownOrNot_AnswersTheSame()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        int mails = Pds.Mails.Count;

        HttpResponseMessage unknown = await RequestAsync("nobody@example.com");
        HttpResponseMessage nonsense = await RequestAsync("nonsense");
        int mailsAfterUnknown = Pds.Mails.Count;
        HttpResponseMessage known = await RequestAsync(GivenMail.EmailOf(alice).ToUpperInvariant());

        Assert.That(new[] { unknown.StatusCode, nonsense.StatusCode, known.StatusCode }, Is.All.EqualTo(HttpStatusCode.OK));
        Assert.That(mailsAfterUnknown, Is.EqualTo(mails));
        Assert.That(Pds.Mails[0].Mail.Subject, Is.EqualTo("Password Reset Requested"));
    }

    [Test]
    public async Task ResetPassword_WithTheToken_SetsThePasswordAndEndsAllSessions()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        await RequestAsync(GivenMail.EmailOf(alice));
        string token = Pds.LastToken(GivenMail.EmailOf(alice));

        HttpResponseMessage response = await ResetAsync(token.ToLowerInvariant());

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), await response.Content.ReadAsStringAsync());
        await (await Pds.Http.SignInAsync(alice.Did.ToString())).ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "AuthenticationRequired");
        await (await Pds.Http.SignInAsync(alice.Did.ToString(), NewPassword)).ShouldBeJsonAsync();
        await (await Pds.Http.SendAsync(HttpMethod.Post, Server + "refreshSession", alice.RefreshJwt)).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "ExpiredToken");
        await (await ResetAsync(token)).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidToken");
    }

    [TestCase(7)]
    [TestCase(257)]
    public async Task ResetPassword_WhenThePasswordWillNotDo_KeepsTheToken(int length)
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        await RequestAsync(GivenMail.EmailOf(alice));
        string token = Pds.LastToken(GivenMail.EmailOf(alice));

        await (await ResetAsync(token, new string('x', length))).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");

        Assert.That((await ResetAsync(token)).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task ResetPassword_WithATokenOfAnotherPurpose_Refuses()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();

        HttpResponseMessage response = await ResetAsync(Pds.LastToken(GivenMail.EmailOf(alice)));

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidToken");
    }

    [Test]
    public async Task ResetPassword_AfterFiveWrongTokensFromOneAddress_IsClosedToThatAddressOnly()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        using HttpClient eve = Pds.CreateClientFrom("203.0.113.7");
        await RequestAsync(GivenMail.EmailOf(alice));
        string token = Pds.LastToken(GivenMail.EmailOf(alice));
        for (int i = 0; i < 5; i++)
        {
            await (await ResetAsync("AAAAA-AAAAA", http: eve)).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidToken");
        }

        await (await ResetAsync(token, http: eve)).ShouldBeXrpcErrorAsync(HttpStatusCode.TooManyRequests, "RateLimitExceeded");
        Assert.That((await ResetAsync(token)).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    protected override Task<PdsApplication> StartAsync() =>
        PdsApplication.StartAsync(services: services => services.Configure<PdsOptions>(options => options.SignIn.MinSignInTime = TimeSpan.Zero));

    private Task<HttpResponseMessage> RequestAsync(string email) => Pds.Http.PostXrpcAsync(Server + "requestPasswordReset", new JsonObject { ["email"] = email });

    private Task<HttpResponseMessage> ResetAsync(string token, string password = NewPassword, HttpClient? http = null) =>
        (http ?? Pds.Http).PostXrpcAsync(Server + "resetPassword", new JsonObject { ["token"] = token, ["password"] = password });
}
