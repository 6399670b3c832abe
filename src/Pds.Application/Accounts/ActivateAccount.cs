using MediatR;
using Pds.Application.Crypto;
using Pds.Application.Moderation;
using Pds.Application.Pipeline;
using Pds.Application.Repositories;
using Pds.Domain.Accounts;
using Pds.Domain.Crypto;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;
using Pds.Domain.Sync;

namespace Pds.Application.Accounts;

/// <summary>Opens the caller's account once its identity points here. Lexicon: <c>com.atproto.server.activateAccount</c>.</summary>
public sealed record ActivateAccountCommand(Caller Caller) : ICommand<Unit>, IAuthorizedRequest
{
    /// <inheritdoc/>
    public Permission Required => Permission.Full with { ScopedRefusal = "Apps cannot reactivate an account. Sign in to your account page on this server to reactivate it." };
}

internal sealed class ActivateAccountHandler(AccountActivation activation) : IRequestHandler<ActivateAccountCommand, Unit>
{
    public async Task<Unit> Handle(ActivateAccountCommand command, CancellationToken cancellationToken)
    {
        await activation.ActivateAsync(command.Caller.Account!.Value, audit: null, cancellationToken);
        return Unit.Value;
    }
}

/// <summary>The way back to activity, for owners and operators alike.</summary>
internal sealed class AccountActivation(
    IAccountStore accounts, DidCheck dids, IRepositoryStore repositories, ISigningKeys keys, IVerifier verifier, TidClock clock)
{
    private const int MaxAttempts = 5;

    /// <summary>Clears deactivation and announces account, identity and head.</summary>
    /// <exception cref="XrpcException">AccountNotFound, InvalidRequest when the identity does not point here.</exception>
    public async Task ActivateAsync(Did did, AuditNote? audit, CancellationToken cancellationToken)
    {
        if (await accounts.FindAsync(new AtIdentifier(did), cancellationToken) is not { TakedownRef: null } account)
        {
            throw NotFound();
        }

        if (await dids.FindFaultAsync(account, cancellationToken) is { } fault)
        {
            throw new XrpcException(RequestErrors.InvalidRequest, fault);
        }

        for (int attempt = 1; ; attempt++)
        {
            try
            {
                await OpenAsync(did, audit, cancellationToken);
                return;
            }
            catch (ConcurrentWriteException) when (attempt < MaxAttempts)
            {
                // an import came in between: announce the head that it left
            }
        }
    }

    private static XrpcException NotFound() => new(AccountErrors.NoSuchAccount, "user not found");

    private static AccountChange Open(Account account, Commit head, RepositoryChange? renewal)
    {
        if (account.TakedownRef is not null)
        {
            throw NotFound();
        }

        return new AccountChange(
            account with { DeactivatedAt = null, DeleteAfter = null },
            [new AccountEvent(account.Did, null), new IdentityEvent(account.Did, account.ShownHandle), new SyncEvent(renewal?.Commit ?? head)])
        { Commit = renewal };
    }

    private async Task OpenAsync(Did did, AuditNote? audit, CancellationToken cancellationToken)
    {
        Commit head = await repositories.FindHeadAsync(did, cancellationToken) ?? throw NotFound();
        RepositoryChange? renewal = await RenewAsync(did, head, cancellationToken);
        _ = await accounts.UpdateAsync(did, account => Open(account, head, renewal), audit, cancellationToken) ?? throw NotFound();
    }

    /// <summary>
    /// A head that came from elsewhere may bear the signature of another server's key, and consumers would refuse it. Then an empty commit of ours
    /// takes its place, without an event of its own: the account is not active yet.
    /// </summary>
    private async Task<RepositoryChange?> RenewAsync(Did did, Commit head, CancellationToken cancellationToken)
    {
        ISigner signer = await keys.GetAsync(did, cancellationToken);
        if (head.HasSignatureOf(signer.PublicKey, verifier))
        {
            return null;
        }

        await using IRepositorySnapshot snapshot = await repositories.OpenSnapshotAsync(did, cancellationToken) ?? throw NotFound();
        return new Repository(did, snapshot.Head, snapshot.Tree, signer, clock).Apply([]);
    }
}
