using MediatR;
using Pds.Application.Pipeline;
using Pds.Domain.Accounts;
using Pds.Domain.Errors;
using Pds.Domain.OAuth;

namespace Pds.Application.Accounts;

/// <summary>Confirms that the caller reads the mail of its address. Lexicon: <c>com.atproto.server.confirmEmail</c>.</summary>
[XrpcMethod("com.atproto.server.confirmEmail")]
[XrpcRestricted(MethodRestrictions.Protected)]
public sealed record ConfirmEmailCommand(Caller Caller, ConfirmEmailInput Input) : ICommand<Unit>, IAuthorizedRequest
{
    /// <inheritdoc/>
    public Permission Required => Permission.Standard with { RefuseTakendown = true, Scoped = [new ScopeDemand.Account("email", Manage: true)] };
}

/// <summary>The address and the token that was sent to it.</summary>
public sealed record ConfirmEmailInput
{
    /// <summary>The account's address, compared without regard to case.</summary>
    public required string Email { get; init; }

    /// <summary>The token from the mailbox.</summary>
    public required string Token { get; init; }

    /// <summary>Nothing: what is in here is nobody's business.</summary>
    public override string ToString() => nameof(ConfirmEmailInput);
}

internal sealed class ConfirmEmailHandler(IAccountStore accounts, EmailTokens tokens, TimeProvider time) : IRequestHandler<ConfirmEmailCommand, Unit>
{
    public async Task<Unit> Handle(ConfirmEmailCommand command, CancellationToken cancellationToken)
    {
        Account account = await accounts.RequireOwnAsync(command.Caller, cancellationToken);
        string email = EmailAddress.Normalize(command.Input.Email);
        RequireAddress(account, email);
        EmailToken token = await tokens.RequireAsync(EmailTokenPurpose.ConfirmEmail, account.Did, command.Input.Token, cancellationToken);
        await accounts.UpdateAsync(account.Did, current => Confirm(current, email, token), cancellationToken);
        return Unit.Value;
    }

    private static void RequireAddress(Account account, string email)
    {
        if (account.Email != email)
        {
            throw new XrpcException(AccountErrors.InvalidEmail, "invalid email");
        }
    }

    private AccountChange Confirm(Account account, string email, EmailToken token)
    {
        RequireAddress(account, email);
        return new AccountChange(account with { EmailConfirmedAt = time.GetUtcNow() }, []) { Consumes = token };
    }
}
