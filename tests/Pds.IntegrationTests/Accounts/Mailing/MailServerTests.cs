using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Pds.Infrastructure.Accounts.Smtp;

namespace Pds.IntegrationTests.Accounts.Mailing;

/// <summary>A server with a mail server.</summary>
internal sealed class MailServerTests
{
    [Test]
    public async Task CreateAccount_WithAMailServer_MailsTheConfirmation()
    {
        await using SmtpListener listener = new(SmtpSecurity.FromTheStart);
        await using PdsApplication pds = await StartAsync(listener);

        using AccountClient alice = await pds.CreateAccountAsync();

        SmtpDelivery delivery = (await listener.WaitForAsync(1)).Single();
        string token = GivenMail.TokenIn(delivery.Message);
        HttpResponseMessage confirmed = await alice.PostAsync("com.atproto.server.confirmEmail", new JsonObject { ["email"] = $"{alice.Handle}@example.com", ["token"] = token });
        Assert.That(confirmed.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(pds.Mails, Is.Empty);
    }

    [Test]
    public async Task WhenTheMailServerFails_AccountsAreMadeAndRequestsSaySo()
    {
        await using SmtpListener listener = new(SmtpSecurity.StartTls);
        listener.Answers["MAIL"] = "451 later";
        await using PdsApplication pds = await StartAsync(listener);

        using AccountClient alice = await pds.CreateAccountAsync();

        await (await alice.PostAsync("com.atproto.server.requestEmailConfirmation")).ShouldBeXrpcErrorAsync(HttpStatusCode.BadGateway, "UpstreamFailure");
        HttpResponseMessage reset = await pds.Http.PostXrpcAsync("com.atproto.server.requestPasswordReset", new JsonObject { ["email"] = $"{alice.Handle}@example.com" });
        Assert.That(reset.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [TestCase("PDS_EMAIL_SMTP_URL", "smtp://localhost", "belong together")]
    [TestCase("PDS_MODERATION_EMAIL_ADDRESS", "mods@example.com", "belong together")]
    [TestCase("PDS_EMAIL_SMTP_URL", "https://user:hunter2@localhost", "must begin with smtp:// or smtps://")]
    [TestCase("PDS_EMAIL_SMTP_URL", "smtp:///?sendmail=true", "asks for a local sendmail program")]
    [TestCase("PDS_EMAIL_SMTP_URL", "smtp://hunter2@localhost", "names a user without a password")]
    [TestCase("PDS_EMAIL_FROM_ADDRESS", "nobody", "must be an e-mail address")]
    public void Start_WhenTheSettingsAreWrong_SaysWhatToWrite(string variable, string value, string fault)
    {
        OptionsValidationException? exception = Assert.CatchAsync<OptionsValidationException>(async () =>
            await (await PdsApplication.StartAsync(new Dictionary<string, string?> { [variable] = value })).DisposeAsync());

        Assert.That(exception!.Message, Does.Contain(fault).And.Contain(variable).And.Not.Contain("hunter2"));
    }

    private static Task<PdsApplication> StartAsync(SmtpListener listener) => PdsApplication.StartAsync(
        new Dictionary<string, string?> { ["PDS_EMAIL_SMTP_URL"] = listener.Url("user:secret@").AbsoluteUri, ["PDS_EMAIL_FROM_ADDRESS"] = "pds@example.com" },
        services => services.Replace(ServiceDescriptor.Singleton(new SmtpTrust((_, certificate, _, _) => certificate?.Subject == "CN=localhost"))));
}
