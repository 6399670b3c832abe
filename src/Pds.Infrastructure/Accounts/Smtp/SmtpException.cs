namespace Pds.Infrastructure.Accounts.Smtp;

/// <summary>A mail was not handed over.</summary>
/// <param name="message">For the operator: what went wrong and which setting to look at; no address, no token.</param>
/// <param name="inner">What the network said.</param>
internal sealed class SmtpException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>For whoever asked for the mail, where it helps to know; <see langword="null"/> where only the operator can do something.</summary>
    public string? Advice { get; init; }
}
