using MediatR;
using Pds.Application.Pipeline;

namespace Pds.Application.Accounts;

/// <summary>Asks whether <c>updateEmail</c> needs a token, which is mailed to the present address. Lexicon: <c>com.atproto.server.requestEmailUpdate</c>.</summary>
[XrpcMethod("com.atproto.server.requestEmailUpdate")]
[XrpcRestricted(MethodRestrictions.Protected)]
[RateLimit(15, RateLimitWindow.Day, Per = RateLimitKey.Account)]
[RateLimit(5, RateLimitWindow.Hour, Per = RateLimitKey.Account)]
public sealed record RequestEmailUpdateCommand(Caller Caller) : ICommand<RequestEmailUpdateOutput>, IAuthorizedRequest
{
    /// <inheritdoc/>
    public Permission Required => Permission.Full with { RefuseTakendown = true, ScopedRefusal = UpdateEmailCommand.ScopedRefusal };
}

/// <summary>Answer to <see cref="RequestEmailUpdateCommand"/>.</summary>
/// <param name="TokenRequired">Whether a token is needed; it is on its way.</param>
public sealed record RequestEmailUpdateOutput(bool TokenRequired);

internal sealed class RequestEmailUpdateHandler(IAccountStore accounts, AccountMails mails) : IRequestHandler<RequestEmailUpdateCommand, RequestEmailUpdateOutput>
{
    public async Task<RequestEmailUpdateOutput> Handle(RequestEmailUpdateCommand command, CancellationToken cancellationToken)
    {
        Account account = await accounts.RequireOwnAsync(command.Caller, cancellationToken);
        bool tokenRequired = account.EmailConfirmedAt is not null;
        if (tokenRequired)
        {
            await mails.SendTokenAsync(EmailTokenPurpose.UpdateEmail, account, cancellationToken);
        }

        return new RequestEmailUpdateOutput(tokenRequired);
    }
}
