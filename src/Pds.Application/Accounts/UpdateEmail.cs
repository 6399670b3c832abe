using MediatR;
using Pds.Application.Pipeline;
using Pds.Domain.Accounts;
using Pds.Domain.Errors;

namespace Pds.Application.Accounts;

/// <summary>Changes the caller's address, or whether signing in needs a token from it. Lexicon: <c>com.atproto.server.updateEmail</c>.</summary>
[XrpcMethod("com.atproto.server.updateEmail")]
[XrpcRestricted(MethodRestrictions.Protected)]
public sealed record UpdateEmailCommand(Caller Caller, UpdateEmailInput Input) : ICommand<Unit>, IAuthorizedRequest
{
    internal const string ScopedRefusal = "Apps cannot change the email address. Change it on your account page on this server.";

    /// <summary>Whoever sets the address can set the password, and while the address is not confirmed, nothing but the session speaks for the caller.</summary>
    public Permission Required => Permission.Full with { RefuseTakendown = true, LiveSession = true, ScopedRefusal = ScopedRefusal };
}

/// <summary>What shall be.</summary>
public sealed record UpdateEmailInput
{
    /// <summary>The address; it may be the present one.</summary>
    public required string Email { get; init; }

    /// <summary>Whether signing in shall need a token from the mailbox; unchanged when absent.</summary>
    public bool? EmailAuthFactor { get; init; }

    /// <summary>The token from the mailbox of the present address. Needed when that was confirmed, except to make signing in safer and nothing else.</summary>
    public string? Token { get; init; }

    /// <summary>Nothing: what is in here is nobody's business.</summary>
    public override string ToString() => nameof(UpdateEmailInput);
}

internal sealed class UpdateEmailHandler(IAccountStore accounts, SignUpCheck check, EmailTokens tokens) : IRequestHandler<UpdateEmailCommand, Unit>
{
    public async Task<Unit> Handle(UpdateEmailCommand command, CancellationToken cancellationToken)
    {
        UpdateEmailInput input = command.Input;
        Account account = await accounts.RequireOwnAsync(command.Caller, cancellationToken);
        string given = EmailAddress.Normalize(input.Email);
        string email = account.Email == given ? given : check.RequireEmail(given);
        bool moves = account.Email != email;
        EmailToken? token = NeedsToken(account, email, input.EmailAuthFactor) ? await RequireTokenAsync(account, input.Token, cancellationToken) : null;

        if (moves && await accounts.FindByEmailAsync(email, cancellationToken) is not null)
        {
            throw new XrpcException(RequestErrors.InvalidRequest, "This email address is already in use, please use a different email.");
        }

        SignInProof proof = SignInProof.Of(account, command.Caller);
        await accounts.UpdateAsync(account.Did, current => Change(current, email, input.EmailAuthFactor, token) with { Proof = proof }, cancellationToken);
        return Unit.Value;
    }

    private static bool NeedsToken(Account account, string email, bool? factor) => account.EmailConfirmedAt is not null && (account.Email != email || factor is not true);

    private static XrpcException TokenRequired() => new(AccountErrors.TokenRequired, "confirmation token required");

    /// <summary>A new address is not confirmed, and the factor sleeps until it is. Whatever was mailed to the old address stops working.</summary>
    private static AccountChange Change(Account account, string email, bool? factor, EmailToken? token)
    {
        if (token is null && NeedsToken(account, email, factor))
        {
            throw TokenRequired(); // the address was confirmed in the meantime
        }

        bool moves = account.Email != email;
        if (factor is true && (moves || account.EmailConfirmedAt is null))
        {
            throw new XrpcException(RequestErrors.InvalidRequest, "The email address must be confirmed before it can be used to sign in.");
        }

        Account changed = account with
        {
            Email = email,
            EmailConfirmedAt = moves ? null : account.EmailConfirmedAt,
            EmailAuthFactor = factor ?? account.EmailAuthFactor,
        };
        return new AccountChange(changed, []) { Consumes = token, EndEmailTokens = true };
    }

    private async ValueTask<EmailToken> RequireTokenAsync(Account account, string? token, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(token))
        {
            throw TokenRequired();
        }

        return await tokens.RequireAsync(EmailTokenPurpose.UpdateEmail, account.Did, token, cancellationToken);
    }
}
