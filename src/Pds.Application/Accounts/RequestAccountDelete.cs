using MediatR;
using Pds.Application.Pipeline;
using Pds.Domain.Errors;

namespace Pds.Application.Accounts;

/// <summary>Mails the caller the token that <c>deleteAccount</c> asks for. Lexicon: <c>com.atproto.server.requestAccountDelete</c>.</summary>
public sealed record RequestAccountDeleteCommand(Caller Caller) : ICommand<Unit>, IAuthorizedRequest
{
    /// <inheritdoc/>
    public Permission Required => Permission.Full with { RefuseTakendown = true };
}

internal sealed class RequestAccountDeleteHandler(IAccountStore accounts, EmailTokens tokens, IMailer mailer)
    : IRequestHandler<RequestAccountDeleteCommand, Unit>
{
    public async Task<Unit> Handle(RequestAccountDeleteCommand command, CancellationToken cancellationToken)
    {
        Account account = await accounts.RequireOwnAsync(command.Caller, cancellationToken);
        string email = account.Email ?? throw new XrpcException(RequestErrors.InvalidRequest, "account does not have an email address");
        string token = await tokens.IssueAsync(EmailTokenPurpose.DeleteAccount, account.Did, cancellationToken);
        await mailer.SendAsync(
            new Mail(
                email,
                "Account Deletion Requested",
                $"""
                Somebody, most likely you, asked to delete the account {account.ShownHandle}.

                To go on, enter this code within 15 minutes: {token}

                Everything the account holds on this server will be gone for good. If it was not you, ignore this mail and change your password.
                """),
            cancellationToken);
        return Unit.Value;
    }
}
