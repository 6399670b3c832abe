using MimeKit;
using Pds.Application.Accounts;
using Pds.Application.Factors;
using Pds.Domain.Identifiers;
using Pds.Infrastructure.Accounts;
using Pds.Infrastructure.Accounts.Smtp;
using MailAddress = System.Net.Mail.MailAddress;

namespace Pds.UnitTests.Accounts;

internal sealed class MailTests
{
    private const string Token = "ABCDE-FGHIJ";
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(GivenTokens.Now);

    [Test]
    public void Compose_ForEveryPurpose_HoldsTokenHandleAndTime([Values] EmailTokenPurpose purpose)
    {
        MailContent content = new MailTemplates().Compose(purpose, new MailFacts(Handle.Parse("alice.test"), Token, "A & <B>", null));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(content.Subject, Is.Not.Empty.And.Not.Contain("\n"));
            Assert.That(content.Text, Does.Contain($"    {Token}\n").And.Contain("alice.test").And.Contain("15 minutes").And.Contain("A & <B>"));
            Assert.That(content.Html, Does.Contain($">{Token}<").And.Contain("alice.test").And.Contain("15 minutes").And.Contain("A &amp; &lt;B&gt;"));
            Assert.That(content.ToString(), Does.Not.Contain(Token));
        }
    }

    [Test]
    public void Compose_ForEveryNotice_TellsWhoseAccountAndWhatToDo([Values] FactorNotice notice)
    {
        MailContent content = new MailTemplates().Compose(notice, new FactorNoticeFacts(Handle.Parse("alice.test"), "A & <B>", "<key>"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(content.Subject, Is.Not.Empty.And.Not.Contain("\n"));
            Assert.That(content.Text, Does.Contain("alice.test").And.Contain("change your password").And.Contain("A & <B>"));
            Assert.That(content.Html, Does.Contain("alice.test").And.Contain("change your password").And.Contain("A &amp; &lt;B&gt;").And.Not.Contain("<key>"));
        }
    }

    [Test]
    public void Compose_WithALink_HasItInBothForms()
    {
        MailContent content = new MailTemplates().Compose(
            EmailTokenPurpose.ConfirmEmail, new MailFacts(Handle.Parse("alice.test"), Token, "PDS", new Uri("https://example.com/?a=b&code=" + Token)));

        Assert.That(content.Text, Does.Contain("\nhttps://example.com/?a=b&code=ABCDE-FGHIJ\n"));
        Assert.That(content.Html, Does.Contain("href=\"https://example.com/?a=b&amp;code=ABCDE-FGHIJ\""));
    }

    [TestCase("Hello\r\nBcc: eve@example.com", "Hello  Bcc: eve@example.com")]
    [TestCase("Hello\nBcc: eve@example.com", "Hello Bcc: eve@example.com")]
    [TestCase("Grüße", "Grüße")]
    [TestCase("=?utf-8?Q?Hello=0D=0ABcc:_eve@example.com?=", "HelloBcc: eve@example.com")]
    public void Create_WhateverTheSubject_HasNoOtherHeader(string subject, string read)
    {
        MimeMessage message = Wire(new Mail("alice@example.com", subject, "text"));

        Assert.That(message.Subject, Is.EqualTo(read));
        Assert.That(message.Bcc, Is.Empty);
        Assert.That(message.Headers.Select(header => header.Field), Is.Unique);
    }

    [TestCase("PDS\r\nBcc: eve@example.com")]
    [TestCase("PDS, of course <eve@example.com>")]
    public void Create_WhateverTheSenderIsCalled_HasOneSender(string name)
    {
        MimeMessage message = Wire(new Mail("alice@example.com", "Hello", "text"), name);

        Assert.That(message.From.Mailboxes.Select(mailbox => mailbox.Address), Is.EqualTo(["pds@example.com"]));
        Assert.That(message.Bcc, Is.Empty);
    }

    [TestCase("alice@example.com>\r\nRCPT TO:<eve@example.com")]
    [TestCase("alice\u2028@example.com")]
    [TestCase("ali ce@example.com")]
    [TestCase("alice@example.com,eve@example.com")]
    [TestCase("alice")]
    [TestCase("")]
    public void Create_WhenTheAddressIsNone_Throws(string address) =>
        Assert.That(() => Wire(new Mail(address, "Hello", "text")), Throws.TypeOf<SmtpException>().With.Message.Not.Contains("alice"));

    [Test]
    public void Create_OfPlainText_IsOnePart()
    {
        MimeMessage message = Wire(new Mail("alice@example.com", "Hello", "text ü\n.dot "));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(message.Date, Is.EqualTo(Now));
            Assert.That(message.MessageId, Does.EndWith("@example.com"));
            Assert.That(message.Headers[HeaderId.AutoSubmitted], Is.EqualTo("auto-generated"));
            Assert.That(message.Body!.ContentType.MimeType, Is.EqualTo("text/plain"));
            Assert.That(message.TextBody!.ReplaceLineEndings("\n").TrimEnd('\n'), Is.EqualTo("text ü\n.dot "));
        }
    }

    [Test]
    public void Create_WithHtml_HasBothForms()
    {
        MimeMessage message = Wire(new Mail("alice@example.com", "Hello", "text", "<p>html</p>"));

        Assert.That(message.Body!.ContentType.MimeType, Is.EqualTo("multipart/alternative"));
        Assert.That((message.TextBody!.Trim(), message.HtmlBody!.Trim()), Is.EqualTo(("text", "<p>html</p>")));
    }

    [TestCase("", "at://new.test")]
    [TestCase("at://old.test", "at://new.test")]
    [TestCase("https://a.example at://old.test at://b.test", "https://a.example at://new.test at://b.test")]
    [TestCase("at://old.test at://new.test", "at://new.test")]
    [TestCase("https://a.example", "at://new.test https://a.example")]
    public void Replace_OfAliases_GivesTheFirstHandleWay(string aliases, string expected) => Assert.That(
        HandleChange.Replace(aliases.Split(' ', StringSplitOptions.RemoveEmptyEntries), Handle.Parse("new.test")),
        Is.EqualTo(expected.Split(' ')));

    /// <summary>The message, read again from what is sent.</summary>
    private static MimeMessage Wire(Mail mail, string senderName = "PDS")
    {
        using MemoryStream bytes = new();
        SmtpMessage.Create(mail, new MailAddress("pds@example.com", senderName), Now).WriteTo(bytes);
        bytes.Position = 0;
        return MimeMessage.Load(bytes);
    }
}
