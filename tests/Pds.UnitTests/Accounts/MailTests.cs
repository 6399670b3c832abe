using System.Net.Mail;
using Pds.Application.Accounts;
using Pds.Application.Factors;
using Pds.Domain.Identifiers;
using Pds.Infrastructure.Accounts;
using Pds.Infrastructure.Accounts.Smtp;

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

    [TestCase("a=b", "a=3Db\r\n")]
    [TestCase("blank \nend", "blank=20\r\nend\r\n")]
    [TestCase("ü\r\n.x", "=C3=BC\r\n.x\r\n")]
    [TestCase("", "\r\n")]
    public void QuotePrintable_EscapesWhatIsNotPlain(string body, string expected) => Assert.That(SmtpMessage.QuotePrintable(body), Is.EqualTo(expected));

    [Test]
    public void QuotePrintable_OfALongLine_BreaksItSoftly()
    {
        string quoted = SmtpMessage.QuotePrintable(new string('a', 200));

        string[] lines = quoted.Split("\r\n");
        Assert.That(lines.Select(line => line.Length), Is.All.LessThanOrEqualTo(76));
        Assert.That(quoted.Replace("=\r\n", "", StringComparison.Ordinal), Is.EqualTo(new string('a', 200) + "\r\n"));
    }

    [TestCase("Hello\r\nBcc: eve@example.com")]
    [TestCase("Grüße")]
    [TestCase("=?utf-8?Q?forged?=")]
    public void EncodeWords_OfWhatIsNotPlain_IsOneHeader(string subject)
    {
        string message = SmtpMessage.Write(new Mail("alice@example.com", subject, "text"), new MailAddress("pds@example.com"), Now);

        string[] headers = message[..message.IndexOf("\r\n\r\n", StringComparison.Ordinal)].Split("\r\n");
        Assert.That(headers.Single(header => header.StartsWith("Subject:", StringComparison.Ordinal)), Does.StartWith("Subject: =?utf-8?B?").And.EndWith("?="));
        Assert.That(headers.Any(header => header.StartsWith("Bcc", StringComparison.Ordinal)), Is.False);
    }

    [Test]
    public void Write_OfPlainText_IsOnePart()
    {
        string message = SmtpMessage.Write(new Mail("alice@example.com", "Hello", "text"), new MailAddress("pds@example.com", "PDS, of course"), Now);

        Assert.That(message, Does.StartWith("From: =?utf-8?B?UERTLCBvZiBjb3Vyc2U=?= <pds@example.com>\r\nTo: alice@example.com\r\nSubject: Hello\r\nDate: Tue, 14 Nov 2023 22:13:20 +0000\r\n"));
        Assert.That(message, Does.EndWith("Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\ntext\r\n"));
    }

    [TestCase("", "at://new.test")]
    [TestCase("at://old.test", "at://new.test")]
    [TestCase("https://a.example at://old.test at://b.test", "https://a.example at://new.test at://b.test")]
    [TestCase("at://old.test at://new.test", "at://new.test")]
    [TestCase("https://a.example", "at://new.test https://a.example")]
    public void Replace_OfAliases_GivesTheFirstHandleWay(string aliases, string expected) => Assert.That(
        HandleChange.Replace(aliases.Split(' ', StringSplitOptions.RemoveEmptyEntries), Handle.Parse("new.test")),
        Is.EqualTo(expected.Split(' ')));
}
