namespace Pds.Application.Accounts;

/// <summary>Sends mail to account holders.</summary>
public interface IMailer
{
    /// <summary>Hands one mail over for delivery.</summary>
    /// <param name="mail">The mail.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="Domain.Errors.XrpcException">UpstreamFailure when nobody took it; the log says why.</exception>
    Task SendAsync(Mail mail, CancellationToken cancellationToken);
}

/// <summary>A mail.</summary>
/// <param name="To">Address of the one recipient.</param>
/// <param name="Subject">Subject line, without line breaks.</param>
/// <param name="Text">The body as plain text.</param>
/// <param name="Html">The body as HTML; <see langword="null"/> when plain text is all there is.</param>
public sealed record Mail(string To, string Subject, string Text, string? Html = null)
{
    /// <summary>In whose name it is sent. Default <see cref="MailSender.Server"/>.</summary>
    public MailSender Sender { get; init; }

    /// <summary>The subject only: address and body stay out of logs.</summary>
    public override string ToString() => Subject;
}

/// <summary>In whose name a mail is sent.</summary>
public enum MailSender
{
    /// <summary>The server's, for tokens.</summary>
    Server,

    /// <summary>The moderators', where they have a sender of their own; else the server's.</summary>
    Moderation,
}
