using MediatR;
using Pds.Application.Pipeline;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;

namespace Pds.Application.Factors;

/// <summary>Makes new recovery codes; those before stop working.</summary>
/// <param name="Caller">Whose account.</param>
public sealed record RenewRecoveryCodesCommand(Caller Caller) : ICommand<RecoveryCodesOutput>, IAuthorizedRequest
{
    /// <inheritdoc/>
    public Permission Required => Permission.Full with { RefuseTakendown = true };
}

internal sealed class RenewRecoveryCodesHandler(IAuthenticatorStore authenticators, IRecoveryCodeStore recoveryCodes, FactorMails mails)
    : IRequestHandler<RenewRecoveryCodesCommand, RecoveryCodesOutput>
{
    public async Task<RecoveryCodesOutput> Handle(RenewRecoveryCodesCommand command, CancellationToken cancellationToken)
    {
        Did did = command.Caller.Account!.Value;
        if (await authenticators.FindAsync(did, cancellationToken) is not { IsOn: true })
        {
            throw new XrpcException(RequestErrors.InvalidRequest, "Recovery codes stand in for an authenticator app, and none is in use.");
        }

        IReadOnlyList<string> codes = RecoveryCodes.New();
        await recoveryCodes.ReplaceAsync(did, RecoveryCodes.Normalize(codes), cancellationToken);
        await mails.BeginAsync(FactorNotice.RecoveryCodesRenewed, did, cancellationToken);
        return new RecoveryCodesOutput(codes);
    }
}
