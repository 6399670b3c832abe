using MediatR;
using Pds.Application.Crypto;
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
    public Permission Required => Permission.Full;
}

internal sealed class ActivateAccountHandler(AccountActivation activation) : IRequestHandler<ActivateAccountCommand, Unit>
{
    public async Task<Unit> Handle(ActivateAccountCommand command, CancellationToken cancellationToken)
    {
        await activation.ActivateAsync(command.Caller.Account!.Value, cancellationToken);
        return Unit.Value;
    }
}

/// <summary>The way back to activity, for owners and operators alike.</summary>
internal sealed class AccountActivation(IAccountStore accounts, DidCheck dids, IRepositoryStore repositories, ISigningKeys keys, IVerifier verifier)
{
    /// <summary>Clears deactivation and announces account, identity and head.</summary>
    /// <exception cref="XrpcException">AccountNotFound, InvalidRequest when the identity does not point here.</exception>
    public async Task ActivateAsync(Did did, CancellationToken cancellationToken)
    {
        if (await accounts.FindAsync(new AtIdentifier(did), cancellationToken) is not { TakedownRef: null })
        {
            throw NotFound();
        }

        if (await dids.FindFaultAsync(did, cancellationToken) is { } fault)
        {
            throw new XrpcException(RequestErrors.InvalidRequest, fault);
        }

        Commit head = await RequireOwnHeadAsync(did, cancellationToken);
        _ = await accounts.UpdateAsync(did, account => Open(account, head), cancellationToken) ?? throw NotFound();
    }

    private static AccountChange Open(Account account, Commit head)
    {
        if (account.TakedownRef is not null)
        {
            throw NotFound();
        }

        return new AccountChange(
            account with { DeactivatedAt = null, DeleteAfter = null },
            [new AccountEvent(account.Did, null), new IdentityEvent(account.Did, account.ShownHandle), new SyncEvent(head)]);
    }

    private static XrpcException NotFound() => new(AccountErrors.NoSuchAccount, "user not found");

    /// <summary>A head that came with an import may bear the signature of another server's key; consumers would refuse it.</summary>
    private async Task<Commit> RequireOwnHeadAsync(Did did, CancellationToken cancellationToken)
    {
        ISigner signer = await keys.GetAsync(did, cancellationToken);
        Commit head = await repositories.FindHeadAsync(did, cancellationToken) ?? throw NotFound();
        if (head.HasSignatureOf(signer.PublicKey, verifier))
        {
            return head;
        }

        RepositoryChange? change = await repositories.WriteAsync(
            did, (repository, _) => ValueTask.FromResult<RepositoryChange?>(repository.Apply([])), cancellationToken);
        return change!.Commit;
    }
}
