using MediatR;
using Pds.Application.Moderation;
using Pds.Application.Pipeline;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.OAuth;
using Pds.Domain.Sync;

namespace Pds.Application.Accounts;

/// <summary>Hides the caller's account until it is activated again. Lexicon: <c>com.atproto.server.deactivateAccount</c>.</summary>
/// <param name="Caller">The owner.</param>
/// <param name="Input">For how long.</param>
/// <param name="EndApplications">Whether applications lose their access, too: OAuth sessions, grants and app passwords. Always where an application asks.</param>
public sealed record DeactivateAccountCommand(Caller Caller, DeactivateAccountInput Input, bool EndApplications = false) : ICommand<Unit>, IAuthorizedRequest
{
    /// <inheritdoc/>
    public Permission Required => Permission.Full with { AllowTakendownSession = true, Scoped = [new ScopeDemand.Account("status", Manage: true)] };
}

/// <summary>For how long.</summary>
public sealed record DeactivateAccountInput
{
    /// <summary>From when on the account may be deleted; <see langword="null"/> for never.</summary>
    public DateTimeOffset? DeleteAfter { get; init; }
}

internal sealed class DeactivateAccountHandler(AccountDeactivation deactivation) : IRequestHandler<DeactivateAccountCommand, Unit>
{
    public async Task<Unit> Handle(DeactivateAccountCommand command, CancellationToken cancellationToken)
    {
        await deactivation.DeactivateAsync(
            command.Caller.Account!.Value, command.Input.DeleteAfter, cancellationToken, endApplications: command.EndApplications || command.Caller is Caller.OAuth);
        return Unit.Value;
    }
}

/// <summary>The way into deactivation, for owners and operators alike.</summary>
internal sealed class AccountDeactivation(IAccountStore accounts, TimeProvider time)
{
    /// <summary>Deactivates and announces the account's status.</summary>
    /// <param name="did">The account.</param>
    /// <param name="deleteAfter">From when on it may be deleted; <see langword="null"/> for never.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="endApplications">Whether all OAuth credentials of the account end with it.</param>
    /// <param name="audit">The row of the audit trail that is kept with it; <see langword="null"/> for none.</param>
    /// <exception cref="XrpcException">AccountNotFound.</exception>
    public async Task DeactivateAsync(Did did, DateTimeOffset? deleteAfter, CancellationToken cancellationToken, bool endApplications = false, AuditNote? audit = null)
    {
        DateTimeOffset now = time.GetUtcNow();
        _ = await accounts.UpdateAsync(
            did,
            account => Announced(account with { DeactivatedAt = now, DeleteAfter = deleteAfter }) with { EndApplications = endApplications },
            audit,
            cancellationToken)
            ?? throw new XrpcException(AuthErrors.AccountNotFound, "Account not found");
    }

    /// <summary>A change that is announced by the account's status.</summary>
    public static AccountChange Announced(Account account) => new(account, [new AccountEvent(account.Did, account.Status)]);
}
