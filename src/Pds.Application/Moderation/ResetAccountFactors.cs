using MediatR;
using Pds.Application.Accounts;
using Pds.Application.Factors;
using Pds.Application.Pipeline;
using Pds.Domain.Identifiers;

namespace Pds.Application.Moderation;

/// <summary>Takes all second factors and passkeys from an account whose owner has lost them; the password alone signs in then. No lexicon: <c>pds account reset-factors</c>.</summary>
public sealed record ResetAccountFactorsCommand(Caller Caller, ResetAccountFactorsInput Input) : ICommand<Unit>, IAuditedRequest
{
    /// <inheritdoc/>
    public Permission Required => Permission.Admin;

    /// <inheritdoc/>
    public AuditNote Audit { get; } = new("pds account reset-factors", Input.Did.ToString(), Input.Reason);
}

/// <summary>Whose factors.</summary>
/// <param name="Did">The account.</param>
/// <param name="Reason">Why, for the audit trail.</param>
public sealed record ResetAccountFactorsInput(Did Did, string? Reason = null);

internal sealed class ResetAccountFactorsHandler(IAccountStore accounts, FactorMails mails) : IRequestHandler<ResetAccountFactorsCommand, Unit>
{
    public async Task<Unit> Handle(ResetAccountFactorsCommand command, CancellationToken cancellationToken)
    {
        Did did = command.Input.Did;
        await accounts.RequireAsync(did, cancellationToken);
        _ = await accounts.UpdateAsync(did, account => new AccountChange(account with { EmailAuthFactor = false }, []) { EndFactors = true }, command.Audit, cancellationToken)
            ?? throw Subjects.NotFound();
        await mails.BeginAsync(FactorNotice.Reset, did, cancellationToken);
        return Unit.Value;
    }
}
