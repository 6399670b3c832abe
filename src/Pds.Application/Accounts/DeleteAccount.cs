using System.Net;
using MediatR;
using Pds.Application.Pipeline;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;

namespace Pds.Application.Accounts;

/// <summary>Deletes an account for good, whatever its status. Lexicon: <c>com.atproto.server.deleteAccount</c>.</summary>
/// <param name="Input">Which account, and the proof that its owner asks.</param>
/// <param name="Address">Where the request comes from, if that is known: guessing is counted by it.</param>
[XrpcMethod("com.atproto.server.deleteAccount")]
[RateLimit(50, RateLimitWindow.FiveMinutes)]
public sealed record DeleteAccountCommand(DeleteAccountInput Input, IPAddress? Address = null) : ICommand<Unit>, IAnonymousRequest;

/// <summary>What to delete, and the proof that its owner asks.</summary>
public sealed record DeleteAccountInput
{
    /// <summary>The account.</summary>
    public required Did Did { get; init; }

    /// <summary>Its password; app passwords will not do.</summary>
    public required string Password { get; init; }

    /// <summary>The token from the mailbox.</summary>
    public required string Token { get; init; }

    /// <summary>The account only: the rest is secret.</summary>
    public override string ToString() => Did.ToString();
}

internal sealed class DeleteAccountHandler(IAccountStore accounts, PasswordCheck passwords, EmailTokens tokens) : IRequestHandler<DeleteAccountCommand, Unit>
{
    public async Task<Unit> Handle(DeleteAccountCommand command, CancellationToken cancellationToken)
    {
        DeleteAccountInput input = command.Input;
        Account account = await accounts.FindAsync(new AtIdentifier(input.Did), cancellationToken)
            ?? throw new XrpcException(RequestErrors.InvalidRequest, "account not found");
        SignInProof proof = await passwords.RequireAsync(account, input.Password, command.Address, cancellationToken);
        EmailToken token = await tokens.RequireAsync(EmailTokenPurpose.DeleteAccount, account.Did, input.Token, cancellationToken);
        await accounts.DeleteAsync(account.Did, current => proof.IsCurrent(current) ? token : throw SignInProof.Over(), cancellationToken);
        return Unit.Value;
    }
}
