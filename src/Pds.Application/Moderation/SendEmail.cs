using FluentValidation;
using MediatR;
using Pds.Application.Accounts;
using Pds.Application.Pipeline;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;

namespace Pds.Application.Moderation;

/// <summary>Sends a mail to an account's address. Lexicon: <c>com.atproto.admin.sendEmail</c>.</summary>
public sealed record SendEmailCommand(Caller Caller, SendEmailInput Input) : ICommand<SendEmailOutput>, IAuditedRequest
{
    /// <inheritdoc/>
    public Permission Required => Permission.Admin;

    /// <inheritdoc/>
    public AuditNote Audit { get; } = new("com.atproto.admin.sendEmail", Input.RecipientDid.ToString(), Input.Comment);
}

/// <summary>The mail.</summary>
public sealed record SendEmailInput
{
    /// <summary>Whom to send it to.</summary>
    public required Did RecipientDid { get; init; }

    /// <summary>The body as HTML; the plain text beside it is made of it.</summary>
    public required string Content { get; init; }

    /// <summary>The subject line. Default <c>Message via your PDS</c>.</summary>
    public string? Subject { get; init; }

    /// <summary>The moderator who sends it; not part of the mail.</summary>
    public required Did SenderDid { get; init; }

    /// <summary>Why; kept in the audit trail, not part of the mail.</summary>
    public string? Comment { get; init; }

    /// <summary>The recipient only: what is written to him stays out of logs.</summary>
    public override string ToString() => RecipientDid.ToString();
}

/// <summary>Whether the mail was handed over for delivery.</summary>
/// <param name="Sent">Always; what fails is an error.</param>
public sealed record SendEmailOutput(bool Sent);

internal sealed class SendEmailValidator : AbstractValidator<SendEmailCommand>
{
    public SendEmailValidator() => RuleFor(command => command.Input.Subject)
        .Must(subject => subject?.Any(char.IsControl) is not true).WithMessage("subject must be one line");
}

internal sealed class SendEmailHandler(IAccountStore accounts, IMailer mailer) : IRequestHandler<SendEmailCommand, SendEmailOutput>
{
    private const string DefaultSubject = "Message via your PDS";

    public async Task<SendEmailOutput> Handle(SendEmailCommand command, CancellationToken cancellationToken)
    {
        SendEmailInput input = command.Input;
        Account account = await accounts.FindAsync(new AtIdentifier(input.RecipientDid), cancellationToken)
            ?? throw new XrpcException(RequestErrors.InvalidRequest, "Recipient not found");
        string address = account.Email ?? throw new XrpcException(RequestErrors.InvalidRequest, "account does not have an email address");
        await mailer.SendAsync(new Mail(address, input.Subject ?? DefaultSubject, HtmlText.Of(input.Content), input.Content) { Sender = MailSender.Moderation }, cancellationToken);
        return new SendEmailOutput(true);
    }
}
