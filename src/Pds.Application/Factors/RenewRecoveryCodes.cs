using MediatR;
using Pds.Application.Accounts;
using Pds.Application.Pipeline;
using Pds.Domain.Errors;

namespace Pds.Application.Factors;

/// <summary>Makes new recovery codes; those before stop working.</summary>
/// <param name="Caller">Whose account.</param>
public sealed record RenewRecoveryCodesCommand(Caller Caller) : ICommand<RecoveryCodesOutput>, IAuthorizedRequest
{
    /// <inheritdoc/>
    public Permission Required => Permission.Full with { RefuseTakendown = true };
}

internal sealed class RenewRecoveryCodesHandler(IAccountStore accounts, IRecoveryCodeStore recoveryCodes, FactorMails mails)
    : IRequestHandler<RenewRecoveryCodesCommand, RecoveryCodesOutput>
{
    public async Task<RecoveryCodesOutput> Handle(RenewRecoveryCodesCommand command, CancellationToken cancellationToken)
    {
        Account account = await accounts.RequireOwnAsync(command.Caller, cancellationToken);
        IReadOnlyList<string> codes = RecoveryCodes.New();
        if (!await recoveryCodes.ReplaceAsync(SignInProof.Of(account, command.Caller), RecoveryCodes.Normalize(codes), cancellationToken))
        {
            throw new XrpcException(RequestErrors.InvalidRequest, "Recovery codes stand in for an authenticator app, and none is in use.");
        }

        await mails.BeginAsync(FactorNotice.RecoveryCodesRenewed, account.Did, cancellationToken);
        return new RecoveryCodesOutput(codes);
    }
}
