using MediatR;
using Pds.Application.Pipeline;

namespace Pds.Application.Accounts;

/// <summary>Mails the caller the token that <c>deleteAccount</c> asks for. Lexicon: <c>com.atproto.server.requestAccountDelete</c>.</summary>
[XrpcMethod("com.atproto.server.requestAccountDelete")]
[XrpcRestricted(MethodRestrictions.Protected)]
[RateLimit(15, RateLimitWindow.Day, Per = RateLimitKey.Account)]
[RateLimit(5, RateLimitWindow.Hour, Per = RateLimitKey.Account)]
public sealed record RequestAccountDeleteCommand(Caller Caller) : ICommand<Unit>, IAuthorizedRequest
{
    /// <inheritdoc/>
    public Permission Required => Permission.Full with { RefuseTakendown = true };
}

internal sealed class RequestAccountDeleteHandler(IAccountStore accounts, AccountMails mails) : IRequestHandler<RequestAccountDeleteCommand, Unit>
{
    public async Task<Unit> Handle(RequestAccountDeleteCommand command, CancellationToken cancellationToken)
    {
        Account account = await accounts.RequireOwnAsync(command.Caller, cancellationToken);
        await mails.SendTokenAsync(EmailTokenPurpose.DeleteAccount, account, cancellationToken);
        return Unit.Value;
    }
}
