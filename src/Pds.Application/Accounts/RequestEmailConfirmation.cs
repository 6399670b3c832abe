using MediatR;
using Pds.Application.Pipeline;
using Pds.Domain.OAuth;

namespace Pds.Application.Accounts;

/// <summary>Mails the caller the token that <c>confirmEmail</c> asks for. Lexicon: <c>com.atproto.server.requestEmailConfirmation</c>.</summary>
[XrpcMethod("com.atproto.server.requestEmailConfirmation")]
[XrpcRestricted(MethodRestrictions.Protected)]
[RateLimit(15, RateLimitWindow.Day, Per = RateLimitKey.Account)]
[RateLimit(5, RateLimitWindow.Hour, Per = RateLimitKey.Account)]
public sealed record RequestEmailConfirmationCommand(Caller Caller) : ICommand<Unit>, IAuthorizedRequest
{
    /// <inheritdoc/>
    public Permission Required => Permission.Standard with { RefuseTakendown = true, Scoped = [new ScopeDemand.Account("email", Manage: true)] };
}

internal sealed class RequestEmailConfirmationHandler(IAccountStore accounts, AccountMails mails) : IRequestHandler<RequestEmailConfirmationCommand, Unit>
{
    public async Task<Unit> Handle(RequestEmailConfirmationCommand command, CancellationToken cancellationToken)
    {
        Account account = await accounts.RequireOwnAsync(command.Caller, cancellationToken);
        await mails.SendTokenAsync(EmailTokenPurpose.ConfirmEmail, account, cancellationToken);
        return Unit.Value;
    }
}
