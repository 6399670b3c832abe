using System.Net.Mail;
using MimeKit;
using MimeKit.Utils;
using Pds.Application.Accounts;

namespace Pds.Infrastructure.Accounts.Smtp;

/// <summary>Makes the message of a mail: UTF-8, plain text and HTML as alternatives, in quoted-printable.</summary>
internal static class SmtpMessage
{
    /// <summary>Makes the message.</summary>
    /// <param name="mail">The mail.</param>
    /// <param name="sender">Who sends it.</param>
    /// <param name="now">Its date.</param>
    /// <exception cref="SmtpException">The recipient's address is none.</exception>
    public static MimeMessage Create(Mail mail, MailAddress sender, DateTimeOffset now)
    {
        var message = new MimeMessage
        {
            Subject = new string([.. mail.Subject.Select(c => char.IsControl(c) ? ' ' : c)]), // no line break, so no other header
            Date = now.ToUniversalTime(),
            MessageId = MimeUtils.GenerateMessageId(sender.Host),
            Body = mail.Html is null ? Part("plain", mail.Text) : new MultipartAlternative(Part("plain", mail.Text), Part("html", mail.Html)),
        };
        message.From.Add(new MailboxAddress(sender.DisplayName, sender.Address));
        message.To.Add(Recipient(mail.To));
        message.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        return message;
    }

    private static MailboxAddress Recipient(string address)
    {
        if (!address.Any(c => char.IsControl(c) || char.IsWhiteSpace(c) || c is '<' or '>')
            && address.Contains('@', StringComparison.Ordinal)
            && MailboxAddress.TryParse(address, out MailboxAddress? parsed))
        {
            return parsed;
        }

        throw new SmtpException("The address of the recipient has signs that a mail server does not take.");
    }

    private static TextPart Part(string subtype, string text) => new(subtype) { Text = text, ContentTransferEncoding = ContentEncoding.QuotedPrintable };
}
