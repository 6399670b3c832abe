namespace Pds.Application.Accounts;

/// <summary>Sends mail to account holders.</summary>
public interface IMailer
{
    /// <summary>Hands one mail over for delivery.</summary>
    /// <param name="mail">The mail.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task SendAsync(Mail mail, CancellationToken cancellationToken);
}

/// <summary>A mail.</summary>
/// <param name="To">Address of the one recipient.</param>
/// <param name="Subject">Subject line, without line breaks.</param>
/// <param name="Text">The body as plain text.</param>
/// <param name="Html">The body as HTML; <see langword="null"/> when plain text is all there is.</param>
public sealed record Mail(string To, string Subject, string Text, string? Html = null);
