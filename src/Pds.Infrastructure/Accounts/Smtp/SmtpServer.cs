using System.Net.Mail;

namespace Pds.Infrastructure.Accounts.Smtp;

/// <summary>A mail server and who sends through it.</summary>
/// <param name="Host">Host name or address.</param>
/// <param name="Port">Port.</param>
/// <param name="IsTlsFromTheStart">Whether the connection begins with TLS; else it is switched to TLS when the server can.</param>
/// <param name="Credentials">User and password; <see langword="null"/> to send without.</param>
/// <param name="Sender">Sender of the mails.</param>
/// <param name="Setting">Name of the setting that all this comes from, for messages.</param>
internal sealed record SmtpServer(string Host, int Port, bool IsTlsFromTheStart, SmtpCredentials? Credentials, MailAddress Sender, string Setting)
{
    private const int ImplicitTlsPort = 465;
    private const int SubmissionPort = 587;

    /// <summary>Reads settings that were judged already.</summary>
    public static SmtpServer? From(Uri? url, string? sender, string setting)
    {
        if (url is null || string.IsNullOrEmpty(sender))
        {
            return null;
        }

        bool isTls = url.Scheme == "smtps";
        string[] user = url.UserInfo.Split(':', 2);
        return new SmtpServer(
            url.IdnHost.Trim('[', ']'),
            url.Port > 0 ? url.Port : isTls ? ImplicitTlsPort : SubmissionPort,
            isTls,
            user.Length == 2 ? new SmtpCredentials(Uri.UnescapeDataString(user[0]), Uri.UnescapeDataString(user[1])) : null,
            new MailAddress(sender),
            setting);
    }

    /// <summary>Host and port only.</summary>
    public override string ToString() => $"{Host}:{Port}";
}

/// <summary>User and password at a mail server.</summary>
internal sealed record SmtpCredentials(string User, string Password)
{
    /// <summary>Nothing: both are secret.</summary>
    public override string ToString() => nameof(SmtpCredentials);
}
