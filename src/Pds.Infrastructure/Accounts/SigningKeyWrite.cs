using Pds.Domain.Crypto;
using Pds.Domain.Identifiers;
using Pds.Domain.Sync;
using Pds.Infrastructure.Persistence;
using Pds.Infrastructure.Repositories;
using Pds.Infrastructure.Sync;

namespace Pds.Infrastructure.Accounts;

/// <summary>A reserved key that becomes the signing key of an account.</summary>
internal sealed class SigningKeyWrite(Did did, string publicKey, RepoEvent announcement, SigningKeys keys) : QueuedWrite
{
    private const int AboutTwoRows = 1024;

    public override int Weight => AboutTwoRows;

    public override void Write(WriteTransaction transaction)
    {
        PdsDbContext context = transaction.Context;
        AccountRow account = context.Set<AccountRow>().SingleOrDefault(row => row.Did == did) ?? throw new InvalidOperationException("The account is gone.");
        ReservedKeyRow reserved = context.Set<ReservedKeyRow>().SingleOrDefault(row => row.PublicKey == publicKey)
            ?? throw new InvalidOperationException("The reserved key is gone.");
        account.SigningKey = keys.Reseal(reserved, did);
        account.SigningCurve = KeyCurve.Secp256k1;
        context.Remove(reserved);
        context.SaveChanges();
        transaction.Part<RepositoryWriter>().RaiseEpoch(account.Id);
        transaction.Part<EventWriter>().Append(account.Id, announcement);
    }

    protected override void OnDurable() => keys.Forget(did);
}
