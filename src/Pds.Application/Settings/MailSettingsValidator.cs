using System.Net.Mail;

namespace Pds.Application.Settings;

/// <summary>What is wrong with the settings of mail. The URLs hold passwords, so no fault repeats them.</summary>
internal static class MailSettingsValidator
{
    public static IEnumerable<string> FindFaults(MailSettings settings) =>
    [
        .. FindFaults("Mail.SmtpUrl", "PDS_EMAIL_SMTP_URL", settings.SmtpUrl, "Mail.FromAddress", "PDS_EMAIL_FROM_ADDRESS", settings.FromAddress),
        .. FindFaults(
            "Mail.ModerationSmtpUrl", "PDS_MODERATION_EMAIL_SMTP_URL", settings.ModerationSmtpUrl,
            "Mail.ModerationAddress", "PDS_MODERATION_EMAIL_ADDRESS", settings.ModerationAddress),
    ];

    private static IEnumerable<string> FindFaults(string urlOption, string urlVariable, Uri? url, string senderOption, string senderVariable, string? sender)
    {
        if ((url is null) != string.IsNullOrEmpty(sender))
        {
            yield return $"{urlOption} and {senderOption} ({urlVariable}, {senderVariable}) belong together: set both or none.";
        }

        if (url is not null && FindFault(url) is { } fault)
        {
            yield return $"{urlOption} ({urlVariable}) {fault}";
        }

        if (!string.IsNullOrEmpty(sender) && !(MailAddress.TryCreate(sender, out MailAddress? parsed) && parsed.Address.All(char.IsAscii) && !sender.Any(char.IsControl)))
        {
            yield return $"{senderOption} ({senderVariable}) must be an e-mail address, such as `pds@example.com` or `Example PDS <pds@example.com>`.";
        }
    }

    private static string? FindFault(Uri url)
    {
        const string form = "write `smtps://user:password@smtp.example.com:465` or `smtp://user:password@smtp.example.com:587`, user and password percent-encoded.";
        if (!url.IsAbsoluteUri || url.Scheme is not ("smtp" or "smtps"))
        {
            return $"must begin with smtp:// or smtps://: {form}";
        }

        if (url.Query.Contains("sendmail", StringComparison.OrdinalIgnoreCase))
        {
            return $"asks for a local sendmail program, which this server does not start: {form}";
        }

        if (url.Host.Length == 0 || url.AbsolutePath is not ("" or "/") || url.Query.Length > 0 || url.Fragment.Length > 0)
        {
            return $"must name a host, and have no path and no parameters: {form}";
        }

        return url.UserInfo.Length > 0 && !url.UserInfo.Contains(':', StringComparison.Ordinal)
            ? $"names a user without a password: {form}"
            : null;
    }
}
