using System.Globalization;
using System.Net.Mail;
using System.Security.Cryptography;
using System.Text;
using Pds.Application.Accounts;

namespace Pds.Infrastructure.Accounts.Smtp;

/// <summary>A mail as text of the Internet Message Format: UTF-8, plain text and HTML as alternatives, in quoted-printable.</summary>
/// <remarks>Sources: RFC 5322, RFC 2045 to 2047.</remarks>
internal static class SmtpMessage
{
    private const int MaxLineLength = 76;
    private const int MaxWordBytes = 45;
    private const string HexDigits = "0123456789ABCDEF";

    /// <summary>Writes the message; all lines end in CRLF.</summary>
    /// <param name="mail">The mail.</param>
    /// <param name="sender">Who sends it.</param>
    /// <param name="now">Its date.</param>
    public static string Write(Mail mail, MailAddress sender, DateTimeOffset now)
    {
        string id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        StringBuilder text = new();
        Header(text, "From", sender.DisplayName.Length > 0 ? $"{EncodeWords(sender.DisplayName)} <{sender.Address}>" : sender.Address);
        Header(text, "To", mail.To);
        Header(text, "Subject", EncodeWords(mail.Subject));
        Header(text, "Date", now.ToUniversalTime().ToString("ddd, dd MMM yyyy HH:mm:ss '+0000'", CultureInfo.InvariantCulture));
        Header(text, "Message-ID", $"<{id}@{sender.Host}>");
        Header(text, "Auto-Submitted", "auto-generated");
        Header(text, "MIME-Version", "1.0");
        if (mail.Html is null)
        {
            Part(text, "plain", mail.Text);
            return text.ToString();
        }

        Header(text, "Content-Type", $"multipart/alternative; boundary=\"{id}\"");
        text.Append("\r\n--").Append(id).Append("\r\n");
        Part(text, "plain", mail.Text);
        text.Append("--").Append(id).Append("\r\n");
        Part(text, "html", mail.Html);
        return text.Append("--").Append(id).Append("--\r\n").ToString();
    }

    /// <summary>Quoted-printable: what is not plain ASCII, and blanks at the end of a line, as <c>=XX</c>; lines of at most 76 characters.</summary>
    internal static string QuotePrintable(string body)
    {
        StringBuilder text = new();
        foreach (string line in body.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n'))
        {
            byte[] bytes = Encoding.UTF8.GetBytes(line);
            int length = 0;
            for (int i = 0; i < bytes.Length; i++)
            {
                byte b = bytes[i];
                bool isPlain = b is > 32 and < 127 and not (byte)'=' || (b is 32 or 9 && i < bytes.Length - 1);
                int width = isPlain ? 1 : 3;
                if (length + width > MaxLineLength - 1)
                {
                    text.Append("=\r\n");
                    length = 0;
                }

                length += width;
                _ = isPlain ? text.Append((char)b) : text.Append('=').Append(HexDigits[b >> 4]).Append(HexDigits[b & 15]);
            }

            text.Append("\r\n");
        }

        return text.ToString();
    }

    /// <summary>Encoded words where the text is not plain; line breaks become part of the words, so nobody can add a header.</summary>
    internal static string EncodeWords(string text)
    {
        if (text.All(c => c is >= ' ' and < '\x7f' and not ('"' or '<' or '>' or ',' or ':' or ';' or '(' or ')')) && !text.Contains("=?", StringComparison.Ordinal) && text.Length <= MaxLineLength)
        {
            return text;
        }

        List<string> words = [];
        StringBuilder word = new();
        int bytes = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (bytes + rune.Utf8SequenceLength > MaxWordBytes)
            {
                words.Add(word.ToString());
                word.Clear();
                bytes = 0;
            }

            word.Append(rune);
            bytes += rune.Utf8SequenceLength;
        }

        words.Add(word.ToString());
        return string.Join("\r\n ", words.Select(part => $"=?utf-8?B?{Convert.ToBase64String(Encoding.UTF8.GetBytes(part))}?="));
    }

    private static void Header(StringBuilder text, string name, string value) => text.Append(name).Append(": ").Append(value).Append("\r\n");

    private static void Part(StringBuilder text, string subtype, string body)
    {
        Header(text, "Content-Type", $"text/{subtype}; charset=utf-8");
        Header(text, "Content-Transfer-Encoding", "quoted-printable");
        text.Append("\r\n").Append(QuotePrintable(body));
    }
}
