using Microsoft.EntityFrameworkCore;
using Pds.Application.Accounts;
using Pds.Application.Repositories;
using Pds.Domain.Accounts;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.Sync;
using Pds.Infrastructure.Blobs;
using Pds.Infrastructure.Factors;
using Pds.Infrastructure.Moderation;
using Pds.Infrastructure.OAuth;
using Pds.Infrastructure.Persistence;
using Pds.Infrastructure.Repositories;
using Pds.Infrastructure.Sync;

namespace Pds.Infrastructure.Accounts;

/// <summary>A new account on its way into the database, with its first commit, its first session and what announces it.</summary>
internal sealed class NewAccountWrite(NewAccount created, byte[] sealedKey) : QueuedWrite
{
    public override int Weight => (created.Genesis.Blocks.Length * 2) + sealedKey.Length;

    public override void Write(CommitWriter writer)
    {
        PdsDbContext context = writer.Context;
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
        writer.ApplyChange(row.Id, created.Genesis);
        foreach (RepoEvent announcement in created.Events)
        {
            writer.AppendEvent(row.Id, announcement);
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
internal sealed class AccountChangeWrite(Did did, Func<Account, AccountChange> change, AccountCache cache, RepositoryLanes lanes) : QueuedWrite
{
    private const int AboutOneRow = 1024;

    private Account? _before;
    private bool _movedHead;

    /// <summary>The account as kept; <see langword="null"/> when there is none.</summary>
    public Account? After { get; private set; }

    public override int Weight => AboutOneRow;

    public override void Write(CommitWriter writer)
    {
        PdsDbContext context = writer.Context;
        if (context.Set<AccountRow>().SingleOrDefault(row => row.Did == did) is not { } row)
        {
            return;
        }

        _before = row.ToAccount();
        AccountChange changed = change(_before);
        if (changed.Proof is { } proof)
        {
            context.Require(proof);
        }

        AccountConflicts.Check(context, changed.Account);
        UsedTokens.Require(context, changed.Consumes);
        row.Apply(changed.AppliedTo(_before));
        context.SaveChanges();
        if (changed.EndSessions)
        {
            context.Set<RefreshTokenRow>().Where(token => token.Did == did).ExecuteDelete();
            EfOAuthSessionStore.EndAll(context, did, changed.KeptBrowser);
            FactorEnd.EndTrust(context, did);
        }

        if (changed.EndApplications)
        {
            EfOAuthSessionStore.EndApplications(context, did);
            context.Set<RefreshTokenRow>().Where(token => token.Did == did && token.AppPasswordName != null).ExecuteDelete();
            context.Set<AppPasswordRow>().Where(password => password.Did == did).ExecuteDelete();
        }

        if (changed.EndFactors)
        {
            FactorEnd.EndAll(context, did);
        }

        if (changed.EndEmailTokens)
        {
            context.Set<EmailTokenRow>().Where(token => token.Did == did).ExecuteDelete();
        }

        Announce(writer, row.Id, changed);
        After = row.ToAccount();
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
    }

    private void Announce(CommitWriter writer, long accountId, AccountChange changed)
    {
        if (changed.Commit is { } commit)
        {
            writer.ApplyChange(accountId, commit);
            _movedHead = true;
        }

        foreach (RepoEvent announcement in changed.Events)
        {
            if (announcement is SyncEvent { Commit: var head }
                && !writer.Context.Set<RepoRow>().Any(repo => repo.AccountId == accountId && repo.Rev == head.Rev.Value))
            {
                throw new ConcurrentWriteException();
            }

            writer.AppendEvent(accountId, announcement);
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

    public override void Write(CommitWriter writer)
    {
        PdsDbContext context = writer.Context;
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
        writer.DeleteAllNodes(row.Id);
        context.Set<RepoRow>().Where(repo => repo.AccountId == row.Id).ExecuteDelete();
        context.Set<AccountRow>().Where(account => account.Id == row.Id).ExecuteDelete(); // credentials, sessions and preferences refer to it and go with it
        writer.PurgeEvents(row.Id);
        writer.AppendEvent(EventRow.NoAccount, new AccountEvent(did, AccountStatus.Deleted));
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
