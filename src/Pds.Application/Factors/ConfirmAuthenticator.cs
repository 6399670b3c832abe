using MediatR;
using Pds.Application.Accounts;
using Pds.Application.Pipeline;
using Pds.Domain.Errors;
using Pds.Domain.Factors;
using Pds.Domain.Identifiers;

namespace Pds.Application.Factors;

/// <summary>Turns the authenticator app on: signing in with the account password needs its codes from now on.</summary>
/// <param name="Caller">Whose account.</param>
/// <param name="Code">A code of the app, which proves that it has the secret.</param>
public sealed record ConfirmAuthenticatorCommand(Caller Caller, string Code) : ICommand<RecoveryCodesOutput>, IAuthorizedRequest
{
    /// <inheritdoc/>
    public Permission Required => Permission.Full with { RefuseTakendown = true };

    /// <summary>Nothing: the code is secret.</summary>
    public override string ToString() => nameof(ConfirmAuthenticatorCommand);
}

/// <summary>New recovery codes. Only their hashes are kept, so they are shown this once.</summary>
/// <param name="Codes">The codes, <c>XXXXX-XXXXX</c>.</param>
public sealed record RecoveryCodesOutput(IReadOnlyList<string> Codes)
{
    /// <summary>Nothing: what is in here is secret.</summary>
    public override string ToString() => nameof(RecoveryCodesOutput);
}

internal sealed class ConfirmAuthenticatorHandler(IAccountStore accounts, IAuthenticatorStore authenticators, FactorMails mails, TimeProvider time)
    : IRequestHandler<ConfirmAuthenticatorCommand, RecoveryCodesOutput>
{
    public async Task<RecoveryCodesOutput> Handle(ConfirmAuthenticatorCommand command, CancellationToken cancellationToken)
    {
        Account account = await accounts.RequireOwnAsync(command.Caller, cancellationToken);
        Did did = account.Did;
        DateTimeOffset now = time.GetUtcNow();
        Authenticator authenticator = await authenticators.FindAsync(did, cancellationToken) is { IsOn: false } waiting
            ? waiting
            : throw new XrpcException(RequestErrors.InvalidRequest, "No authenticator app waits to be confirmed.");

        // Guessing is pointless here, since whoever asks was shown the secret; so nothing is counted.
        if (!Totp.TryFindStep(authenticator.Secret.Span, RecoveryCodes.Normalize(command.Code), now, authenticator.UsedStep, out long step))
        {
            throw AuthenticatorCheck.Wrong();
        }

        IReadOnlyList<string> codes = RecoveryCodes.New();
        Authenticator confirmed = authenticator with { ConfirmedAt = now, UsedStep = step };
        if (!await authenticators.ConfirmAsync(SignInProof.Of(account, command.Caller), confirmed, RecoveryCodes.Normalize(codes), cancellationToken))
        {
            throw AuthenticatorCheck.Wrong();
        }

        await mails.BeginAsync(FactorNotice.AuthenticatorAdded, did, cancellationToken);
        return new RecoveryCodesOutput(codes);
    }
}
