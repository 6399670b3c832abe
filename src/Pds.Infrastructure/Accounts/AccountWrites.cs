using Microsoft.EntityFrameworkCore;
using Pds.Application.Accounts;
using Pds.Application.Repositories;
using Pds.Domain.Accounts;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.Sync;
using Pds.Infrastructure.Blobs;
using Pds.Infrastructure.Persistence;
using Pds.Infrastructure.Repositories;
using Pds.Infrastructure.Sync;

namespace Pds.Infrastructure.Accounts;

/// <summary>A new account on its way into the database, with its first commit, its first session and what announces it.</summary>
internal sealed class NewAccountWrite(NewAccount created, byte[] sealedKey) : QueuedWrite
{
    public override int Weight => (created.Genesis.Blocks.Length * 2) + sealedKey.Length;

    public override void Write(WriteTransaction transaction)
    {
        PdsDbContext context = transaction.Context;
        Account account = created.Account;
        if (context.Set<AccountRow>().Any(row => row.Did == account.Did))
        {
            throw new XrpcException(AccountErrors.AlreadyExists, "Repo already exists");
        }

        AccountConflicts.Check(context, account);
        if (!string.IsNullOrEmpty(created.InviteCode))
        {
            UseInvite(context, created.InviteCode, account);
        }

        var row = new AccountRow { Did = account.Did, CreatedAt = account.CreatedAt, SigningKey = sealedKey, SigningCurve = created.SigningCurve };
        row.Apply(account);
        context.Add(row);
        if (created.ReservedKey is { } reserved)
        {
            context.Set<ReservedKeyRow>().Where(key => key.PublicKey == reserved).ExecuteDelete();
        }

        if (created.RefreshToken is { } token)
        {
            context.Add(RefreshTokenRow.From(token));
        }

        context.SaveChanges();
        transaction.Part<RepositoryWriter>().ApplyChange(row.Id, created.Genesis, epoch: null);
        foreach (RepoEvent announcement in created.Events)
        {
            transaction.Part<EventWriter>().Append(row.Id, announcement);
        }
    }

    private static void UseInvite(PdsDbContext context, string code, Account account)
    {
        InviteCodeRow? invite = context.Set<InviteCodeRow>().Include(row => row.Uses).SingleOrDefault(row => row.Code == code);
        if (invite is null || !InviteUse.IsUsable(context, invite))
        {
            throw new XrpcException(AccountErrors.InvalidInviteCode, "Provided invite code not available");
        }

        invite.Uses.Add(new InviteCodeUseRow { Code = code, UsedBy = account.Did, UsedAt = account.CreatedAt });
    }
}

/// <summary>A change of an account on its way into the database, with what announces it.</summary>
internal sealed class AccountChangeWrite(Did did, Func<Account, AccountChange> change, AccountCache cache, RepositoryLanes lanes, SignIns signIns)
    : QueuedWrite
{
    private const int AboutOneRow = 1024;

    private Account? _before;
    private bool _movedHead;
    private bool _raisedEpoch;

    /// <summary>The account as kept; <see langword="null"/> when there is none.</summary>
    public Account? After { get; private set; }

    public override int Weight => AboutOneRow;

    public override void Write(WriteTransaction transaction)
    {
        PdsDbContext context = transaction.Context;
        if (context.Set<AccountRow>().SingleOrDefault(row => row.Did == did) is not { } row)
        {
            return;
        }

        _before = row.ToAccount();
        AccountChange changed = change(_before);
        if (changed.Proof is { } proof)
        {
            signIns.Require(context, proof);
        }

        AccountConflicts.Check(context, changed.Account);
        UsedTokens.Require(context, changed.Consumes);
        row.Apply(changed.AppliedTo(_before));
        context.SaveChanges();
        signIns.End(context, did, changed);
        After = row.ToAccount();
        Announce(transaction, row.Id, changed);
    }

    protected override void OnDurable()
    {
        if (_before is not null && After is not null)
        {
            cache.Forget(_before, After);
        }

        if (_movedHead)
        {
            lanes.Forget(did); // the lane would go on with the head it knows
        }
        else if (_raisedEpoch)
        {
            lanes.Reload(did); // its next commit would fail, and be tried again
        }
    }

    private void Announce(WriteTransaction transaction, long accountId, AccountChange changed)
    {
        if (changed.Commit is { } commit)
        {
            transaction.Part<RepositoryWriter>().ApplyChange(accountId, commit, epoch: null);
            _movedHead = true;
        }

        if (After!.Status != _before!.Status)
        {
            transaction.Part<RepositoryWriter>().RaiseEpoch(accountId);
            _raisedEpoch = true;
        }

        foreach (RepoEvent announcement in changed.Events)
        {
            if (announcement is SyncEvent { Commit: var head }
                && !transaction.Context.Set<RepoRow>().Any(repo => repo.AccountId == accountId && repo.Rev == head.Rev.Value))
            {
                throw new ConcurrentWriteException();
            }

            transaction.Part<EventWriter>().Append(accountId, announcement);
        }
    }
}

/// <summary>The end of an account: everything kept for it goes, its events too, but for the one that says so.</summary>
internal sealed class AccountDeletionWrite(Did did, Func<Account, EmailToken?> judge, AccountCache cache, RepositoryLanes lanes, SigningKeys keys) : QueuedWrite
{
    private const int AboutManyRows = 65_536;

    private Account? _before;

    public bool Found => _before is not null;

    public override int Weight => AboutManyRows;

    public override void Write(WriteTransaction transaction)
    {
        PdsDbContext context = transaction.Context;
        if (context.Set<AccountRow>().AsNoTracking().SingleOrDefault(row => row.Did == did) is not { } row)
        {
            return;
        }

        UsedTokens.Require(context, judge(row.ToAccount()));
        context.Set<ReservedKeyRow>().Where(key => key.Did == did).ExecuteDelete();
        context.Set<RecordBlobRow>().Where(reference => reference.AccountId == row.Id).ExecuteDelete();
        context.Set<BlobRow>().Where(blob => blob.AccountId == row.Id).ExecuteDelete();
        context.Set<RecordTakedownRow>().Where(takedown => takedown.AccountId == row.Id).ExecuteDelete();
        context.Set<RecordRow>().Where(record => record.AccountId == row.Id).ExecuteDelete();
        transaction.Part<RepositoryWriter>().DeleteAllNodes(row.Id);
        context.Set<RepoRow>().Where(repo => repo.AccountId == row.Id).ExecuteDelete();
        context.Set<AccountRow>().Where(account => account.Id == row.Id).ExecuteDelete(); // credentials, sessions and preferences refer to it and go with it
        EventWriter events = transaction.Part<EventWriter>();
        events.Purge(row.Id);
        events.Append(EventRow.NoAccount, new AccountEvent(did, AccountStatus.Deleted));
        _before = row.ToAccount();
    }

    protected override void OnDurable()
    {
        if (_before is not null)
        {
            cache.Forget(_before);
            keys.Forget(did);
            lanes.Forget(did);
        }
    }
}

/// <summary>E-mailed tokens that a change takes to be made.</summary>
internal static class UsedTokens
{
    /// <summary>Uses up a token, which must be there: of two changes that were judged by it, one is made.</summary>
    /// <exception cref="XrpcException">InvalidToken.</exception>
    public static void Require(PdsDbContext context, EmailToken? token)
    {
        if (token is not null && !EfEmailTokenStore.Remove(context, token))
        {
            throw new XrpcException(AccountErrors.InvalidToken, "Token is invalid");
        }
    }
}

/// <summary>What two accounts may not share.</summary>
internal static class AccountConflicts
{
    /// <summary>Requires that nobody else has the account's handle or address, active or not.</summary>
    /// <exception cref="XrpcException">HandleNotAvailable, InvalidRequest.</exception>
    public static void Check(PdsDbContext context, Account account)
    {
        if (account.Handle is { } handle && context.Set<AccountRow>().Any(row => row.Handle == handle && row.Did != account.Did))
        {
            throw new XrpcException(AccountErrors.HandleNotAvailable, $"Handle already taken: {handle}");
        }

        if (account.Email is { } email && context.Set<AccountRow>().Any(row => row.Email == email && row.Did != account.Did))
        {
            throw new XrpcException(RequestErrors.InvalidRequest, $"Email already taken: {email}");
        }
    }
}
