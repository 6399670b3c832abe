using Microsoft.Extensions.Logging;
using Pds.Application.Accounts;
using Pds.Application.Settings;
using Pds.Domain.Errors;
using Pds.Infrastructure.Accounts.Smtp;
using Pds.IntegrationTests.Embedding;

namespace Pds.IntegrationTests.Accounts.Mailing;

internal sealed class SmtpMailerTests
{
    private static readonly Mail Sample = new("alice@example.com", "Grüße", "Hello.\n.a line with a dot\nASDFG-HJKLZ\n", "<p>ASDFG-HJKLZ</p>");

    [Test]
    public async Task Send_WhateverTheEncryption_DeliversTheMail([Values] SmtpSecurity security)
    {
        await using SmtpListener listener = new(security);
        using SmtpMailer mailer = Mailer(listener.Url("us%40er:p%3Ass@"));

        await mailer.SendAsync(Sample, CancellationToken.None);

        SmtpDelivery delivery = listener.Deliveries.Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(delivery.WasEncrypted, Is.EqualTo(security != SmtpSecurity.None));
            Assert.That((delivery.From, delivery.To), Is.EqualTo(("<pds@example.com>", "<alice@example.com>")));
            Assert.That((delivery.User, delivery.Password), Is.EqualTo(("us@er", "p:ss")));
            Assert.That(delivery.Message, Does.Contain("\r\n.a line with a dot\r\nASDFG-HJKLZ\r\n"));
            Assert.That(delivery.Parsed.From.ToString(), Is.EqualTo("\"Example PDS\" <pds@example.com>"));
            Assert.That((delivery.Parsed.To.ToString(), delivery.Parsed.Subject), Is.EqualTo(("alice@example.com", "Grüße")));
            Assert.That(delivery.Parsed.Body!.ContentType.MimeType, Is.EqualTo("multipart/alternative"));
            Assert.That(delivery.Parsed.HtmlBody, Does.Contain("<p>ASDFG-HJKLZ</p>"));
        }
    }

    [Test]
    public async Task Send_WhenOnlyLoginIsOffered_SignsInThatWay()
    {
        await using SmtpListener listener = new(SmtpSecurity.FromTheStart) { Auth = "LOGIN" };
        using SmtpMailer mailer = Mailer(listener.Url("user:secret@"));

        await mailer.SendAsync(Sample, CancellationToken.None);

        Assert.That((listener.Deliveries.Single().User, listener.Deliveries.Single().Password), Is.EqualTo(("user", "secret")));
    }

    [Test]
    public async Task Send_WithoutCredentials_DoesNotSignIn()
    {
        await using SmtpListener listener = new(SmtpSecurity.StartTls);
        using SmtpMailer mailer = Mailer(listener.Url());

        await mailer.SendAsync(Sample, CancellationToken.None);

        Assert.That(listener.Deliveries.Single().User, Is.Null);
    }

    [TestCase(SmtpSecurity.StartTls)]
    [TestCase(SmtpSecurity.FromTheStart)]
    public async Task Send_WhenNobodyVouchesForTheCertificate_SendsNothing(SmtpSecurity security)
    {
        await using SmtpListener listener = new(security);
        LogLines log = new();
        using SmtpMailer mailer = Mailer(listener.Url("user:secret@"), trust: false, log);

        await ShouldFailAsync(mailer, log, "has no certificate for that name that can be trusted; look at the host and port in Mail.SmtpUrl (PDS_EMAIL_SMTP_URL).");

        Assert.That(listener.Deliveries, Is.Empty);
    }

    [TestCase("CONNECT", "554 not today", "refuses the connection, or to encrypt it. It says: 554 not today")]
    [TestCase("CONNECT", "HTTP/1.1 400 Bad Request", "What answers is not a mail server.")]
    [TestCase("STARTTLS", "454 no", "refuses the connection, or to encrypt it. It says: 454 no")]
    [TestCase("STARTTLS", "220 go ahead\r\n250 injected", "look at the host and port in Mail.SmtpUrl")]
    [TestCase("AUTH", "535 bad credentials for user@example.com", "refuses user and password; look at Mail.SmtpUrl (PDS_EMAIL_SMTP_URL). It says: 535 bad credentials for (address)")]
    [TestCase("AUTH", "454 busy", "refuses to check user and password now. It says: 454 busy")]
    [TestCase("MAIL", "550 who are you", "refuses the sender; look at the address that belongs to Mail.SmtpUrl")]
    [TestCase("RCPT", "550 <alice@example.com> unknown", "refuses the recipient. It says: 550 (address) unknown")]
    [TestCase("DATA", "552 full", "refuses the message. It says: 552 full")]
    public async Task Send_WhenTheServerRefuses_SaysWhyInTheLogAndNoSecret(string command, string answer, string reason)
    {
        await using SmtpListener listener = new(SmtpSecurity.StartTls);
        listener.Answers[command] = answer;
        LogLines log = new();
        using SmtpMailer mailer = Mailer(listener.Url("user:secret@"), log: log);

        await ShouldFailAsync(mailer, log, reason);

        Assert.That(string.Join('\n', log.Lines), Does.Not.Contain("secret").And.Not.Contain("ASDFG").And.Not.Contain("alice@"));
    }

    [Test]
    public async Task Send_WhenNobodyListens_NamesTheSetting()
    {
        Uri url;
        await using (SmtpListener listener = new(SmtpSecurity.None))
        {
            url = listener.Url();
        }

        LogLines log = new();
        using SmtpMailer mailer = Mailer(url, log: log);

        await ShouldFailAsync(mailer, log, "failed; look at the scheme, host and port in Mail.SmtpUrl (PDS_EMAIL_SMTP_URL).");
    }

    [Test]
    public async Task Send_ToAnAddressBeyondAscii_SaysSoToTheServer()
    {
        await using SmtpListener listener = new(SmtpSecurity.StartTls) { Extension = "SMTPUTF8" };
        using SmtpMailer mailer = Mailer(listener.Url());

        await mailer.SendAsync(Sample with { To = "zoë@bücher.example" }, CancellationToken.None);

        SmtpDelivery delivery = listener.Deliveries.Single();
        Assert.That((delivery.From, delivery.To), Is.EqualTo(("<pds@example.com> SMTPUTF8", "<zoë@bücher.example>")));
        Assert.That(delivery.Message, Does.Contain("To: zoë@bücher.example\r\n"));
    }

    [Test]
    public async Task Send_ToADomainBeyondAscii_NeedsNothingOfTheServer()
    {
        await using SmtpListener listener = new(SmtpSecurity.None);
        using SmtpMailer mailer = Mailer(listener.Url());

        await mailer.SendAsync(Sample with { To = "alice@bücher.example" }, CancellationToken.None);

        Assert.That((listener.Deliveries.Single().From, listener.Deliveries.Single().To), Is.EqualTo(("<pds@example.com>", "<alice@xn--bcher-kva.example>")));
    }

    [Test]
    public async Task Send_ToAnAddressBeyondAsciiWhereTheServerDoesNotDeliverIt_SaysWhy()
    {
        await using SmtpListener listener = new(SmtpSecurity.None);
        LogLines log = new();
        using SmtpMailer mailer = Mailer(listener.Url(), log: log);

        Assert.That(
            async () => await mailer.SendAsync(Sample with { To = "zoë@example.com" }, CancellationToken.None),
            Throws.InstanceOf<XrpcException>().With.Message.Contains("does not deliver to addresses with letters beyond ASCII"));

        Assert.That(listener.Deliveries, Is.Empty);
        Assert.That(string.Join('\n', log.Lines), Does.Contain("it does not offer SMTPUTF8").And.Not.Contain("zoë"));
    }

    [TestCase("alice@example.com>\r\nRCPT TO:<eve@example.com")]
    [TestCase("alice\u2028@example.com")]
    [TestCase("ali ce@example.com")]
    public async Task Send_WhenTheAddressIsNone_SendsNothing(string address)
    {
        await using SmtpListener listener = new(SmtpSecurity.None);
        LogLines log = new();
        using SmtpMailer mailer = Mailer(listener.Url(), log: log);

        Assert.That(async () => await mailer.SendAsync(Sample with { To = address }, CancellationToken.None), Throws.InstanceOf<XrpcException>());

        Assert.That(listener.Deliveries, Is.Empty);
    }

    [Test]
    public async Task Send_WhenTheModeratorsHaveASenderOfTheirOwn_UsesIt()
    {
        await using SmtpListener server = new(SmtpSecurity.None);
        await using SmtpListener moderation = new(SmtpSecurity.None);
        MailSettings options = OptionsFor(server.Url());
        options.ModerationSmtpUrl = moderation.Url();
        options.ModerationAddress = "mods@example.com";
        using SmtpMailer mailer = Mailer(options, new LogLines());

        await mailer.SendAsync(Sample with { Sender = MailSender.Moderation }, CancellationToken.None);
        await mailer.SendAsync(Sample, CancellationToken.None);

        Assert.That(moderation.Deliveries.Single().From, Is.EqualTo("<mods@example.com>"));
        Assert.That(server.Deliveries.Single().From, Is.EqualTo("<pds@example.com>"));
    }

    private static async Task ShouldFailAsync(SmtpMailer mailer, LogLines log, string reason)
    {
        XrpcException? refusal = null;
        try
        {
            await mailer.SendAsync(Sample, CancellationToken.None);
        }
        catch (XrpcException exception)
        {
            refusal = exception;
        }

        Assert.That(refusal?.Error, Is.EqualTo(RequestErrors.UpstreamFailure));
        Assert.That(string.Join('\n', log.Lines), Does.Contain(reason));
    }

    private static MailSettings OptionsFor(Uri url) => new() { SmtpUrl = url, FromAddress = "Example PDS <pds@example.com>" };

    private static SmtpMailer Mailer(Uri url, bool trust = true, LogLines? log = null) => Mailer(OptionsFor(url), log ?? new LogLines(), trust);

    private static SmtpMailer Mailer(MailSettings options, LogLines log, bool trust = true) => new(
        options,
        new ServerSettings(),
        trust ? new SmtpTrust((_, certificate, _, _) => certificate?.Subject == "CN=localhost") : new SmtpTrust(),
        TimeProvider.System,
        LoggerFactory.Create(logging => logging.AddProvider(log)).CreateLogger<SmtpMailer>());
}
