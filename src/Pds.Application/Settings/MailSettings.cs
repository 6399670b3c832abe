namespace Pds.Application.Settings;

/// <summary>Outgoing mail.</summary>
public sealed class MailSettings
{
    /// <summary>Mail server: <c>smtp://user:password@host:port</c>, encrypted by STARTTLS (port 587 when none is given), or <c>smtps://…</c> (465). User and password are percent-encoded and optional. Needs <see cref="FromAddress"/>. Default: none, and no mail is sent.</summary>
    [Variable("PDS_EMAIL_SMTP_URL")]
    public Uri? SmtpUrl { get; set; }

    /// <summary>Sender of mails, <c>address</c> or <c>name &lt;address&gt;</c>; needs <see cref="SmtpUrl"/>. Default: none.</summary>
    [Variable("PDS_EMAIL_FROM_ADDRESS", Pair = nameof(SmtpUrl))]
    public string? FromAddress { get; set; }

    /// <summary>Mail server of the moderators, as <see cref="SmtpUrl"/>; needs <see cref="ModerationAddress"/>. Default: the server's.</summary>
    [Variable("PDS_MODERATION_EMAIL_SMTP_URL")]
    public Uri? ModerationSmtpUrl { get; set; }

    /// <summary>Sender of the moderators' mails; needs <see cref="ModerationSmtpUrl"/>. Default: the server's.</summary>
    [Variable("PDS_MODERATION_EMAIL_ADDRESS", Pair = nameof(ModerationSmtpUrl))]
    public string? ModerationAddress { get; set; }

    /// <summary>Leaves the link to <c>bsky.app</c> out of the mail that confirms an address; the code stays. Default <see langword="false"/>.</summary>
    [Variable("PDS_EMAIL_DISABLE_CONFIRMATION_LINK")]
    public bool DisableConfirmationLink { get; set; }
}
