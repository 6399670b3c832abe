using Pds.Application.Factors;
using Pds.Domain.Identifiers;

namespace Pds.Application.Accounts;

/// <summary>The words of the mails that carry tokens, and of notices. A host that brings its own replaces all of them.</summary>
public interface IMailTemplates
{
    /// <summary>Writes a mail.</summary>
    /// <param name="purpose">What the token in it allows.</param>
    /// <param name="facts">What there is to tell.</param>
    MailContent Compose(EmailTokenPurpose purpose, MailFacts facts);

    /// <summary>Writes a mail that tells what has changed about signing in.</summary>
    /// <param name="notice">What has changed.</param>
    /// <param name="facts">What there is to tell.</param>
    MailContent Compose(FactorNotice notice, FactorNoticeFacts facts);
}

/// <summary>What a mail with a token tells.</summary>
/// <param name="Handle">Handle of the account.</param>
/// <param name="Token">The token, <c>XXXXX-XXXXX</c>; it works for <see cref="EmailToken.Lifetime"/>.</param>
/// <param name="ServerName">What the server calls itself; to be encoded in HTML.</param>
/// <param name="Link">Where the token can be used by a click; <see langword="null"/> where it must be typed.</param>
public sealed record MailFacts(Handle Handle, string Token, string ServerName, Uri? Link)
{
    /// <summary>Never the token: it is a secret.</summary>
    public override string ToString() => Handle.ToString();
}

/// <summary>A mail without its recipient.</summary>
/// <param name="Subject">Subject line, without line breaks.</param>
/// <param name="Text">The body as plain text.</param>
/// <param name="Html">The body as HTML; <see langword="null"/> when plain text is all there is.</param>
public sealed record MailContent(string Subject, string Text, string? Html)
{
    /// <summary>The subject only: the body holds a secret.</summary>
    public override string ToString() => Subject;
}
