using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Memory;
using Pds.Application.Accounts;
using Pds.Application.Crypto;
using Pds.Application.Moderation;
using Pds.Application.Settings;
using Pds.Domain.Crypto;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;
using Pds.Domain.Sync;
using Pds.Infrastructure.Crypto;
using Pds.Infrastructure.Moderation;
using Pds.Infrastructure.Persistence;

namespace Pds.Infrastructure.Accounts;

/// <summary>Opens the sealed keys of accounts and keeps the signers of those that write.</summary>
internal sealed class SigningKeys(
    IDbContextFactory<PdsDbContext> contexts, WriteQueue queue, KeyVault vault, IKeyFactory keys, AccountSettings options, TimeProvider time)
    : ISigningKeys, IReservedKeyStore, IDisposable
{
    private const int Capacity = 20_000;

    private readonly MemoryCache _signers = new(new MemoryCacheOptions { SizeLimit = Capacity });

    public async ValueTask<ISigner> GetAsync(Did did, CancellationToken cancellationToken)
    {
        if (_signers.TryGetValue(did, out ISigner? cached))
        {
            return cached!;
        }

        await using PdsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        var stored = await context.Set<AccountRow>().AsNoTracking()
            .Where(row => row.Did == did)
            .Select(row => new { row.SigningKey, row.SigningCurve })
            .SingleOrDefaultAsync(cancellationToken)
            ?? throw new XrpcException(RepositoryErrors.RepoNotFound, $"Could not find repo for DID: {did}");
        ISigner signer = Open(stored.SigningCurve, stored.SigningKey, did);
        using ICacheEntry entry = _signers.CreateEntry(did);
        entry.Size = 1;
        entry.Value = signer;
        return signer;
    }

    /// <summary>To be called when an account is gone or has another key.</summary>
    public void Forget(Did did) => _signers.Remove(did);

    public Task<PublicKey> ReserveAsync(Did? did, CancellationToken cancellationToken) => queue.WriteAsync(context =>
    {
        if (did is { } owner && context.Set<ReservedKeyRow>().SingleOrDefault(row => row.Did == owner) is { } known)
        {
            return PublicKey.TryParseDidKey(known.PublicKey, out PublicKey? reserved)
                ? reserved
                : throw new InvalidDataException("The database holds a reserved key that is none.");
        }

        DateTimeOffset now = time.GetUtcNow();
        MakeRoom(context, now);
        byte[] secret = keys.Generate(KeyCurve.Secp256k1);
        PublicKey made = keys.CreateSigner(KeyCurve.Secp256k1, secret).PublicKey;
        context.Add(new ReservedKeyRow { PublicKey = made.ToDidKey(), Did = did, SigningKey = Seal(secret, did ?? Did.Parse(made.ToDidKey())), CreatedAt = now });
        return made;
    });

    public async ValueTask<ISigner?> FindAsync(Did did, PublicKey key, CancellationToken cancellationToken)
    {
        string name = key.ToDidKey();
        await using PdsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        ReservedKeyRow? row = await context.Set<ReservedKeyRow>().AsNoTracking()
            .SingleOrDefaultAsync(row => row.PublicKey == name && (row.Did == null || row.Did == did), cancellationToken);
        return row is null ? null : Open(KeyCurve.Secp256k1, row.SigningKey, row.Did ?? Did.Parse(name));
    }

    public async ValueTask<byte[]?> OpenAsync(Did did, CancellationToken cancellationToken)
    {
        await using PdsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        ReservedKeyRow? row = await context.Set<ReservedKeyRow>().AsNoTracking().SingleOrDefaultAsync(row => row.Did == did, cancellationToken);
        return row is null ? null : vault.Open(row.SigningKey, did);
    }

    public Task UseAsync(Did did, PublicKey key, RepoEvent announcement, AuditNote? audit) =>
        queue.AppendAsync(new SigningKeyWrite(did, key.ToDidKey(), announcement, this) { Joined = AuditRows.Joining(audit) });

    /// <summary>Encrypts the private scalar of a reserved key for the account that is to use it.</summary>
    public byte[] Reseal(ReservedKeyRow reserved, Did did) => Seal(vault.Open(reserved.SigningKey, reserved.Did ?? Did.Parse(reserved.PublicKey)), did);

    /// <summary>Encrypts a private scalar and wipes it.</summary>
    public byte[] Seal(byte[] secret, Did did)
    {
        byte[] envelope = vault.Seal(secret, did);
        CryptographicOperations.ZeroMemory(secret);
        return envelope;
    }

    public void Dispose() => _signers.Dispose();

    /// <summary>Anybody may have a key reserved, so keys end: by age, and the oldest when there are too many, those for nobody in particular first.</summary>
    private void MakeRoom(PdsDbContext context, DateTimeOffset now)
    {
        DbSet<ReservedKeyRow> rows = context.Set<ReservedKeyRow>();
        DateTimeOffset? oldest = now - options.ReservedKeyLifetime;
        rows.Where(row => row.CreatedAt == null).ExecuteUpdate(row => row.SetProperty(key => key.CreatedAt, now));
        rows.Where(row => row.CreatedAt < oldest).ExecuteDelete();
        int tooMany = rows.Count() - options.MaxReservedKeys + 1;
        if (tooMany > 0)
        {
            string[] last = [.. rows.OrderBy(row => row.Did != null).ThenBy(row => row.CreatedAt).Select(row => row.PublicKey).Take(tooMany)];
            rows.Where(row => last.Contains(row.PublicKey)).ExecuteDelete();
        }
    }

    private ISigner Open(KeyCurve curve, byte[] envelope, Did did)
    {
        byte[] secret = vault.Open(envelope, did);
        try
        {
            return keys.CreateSigner(curve, secret);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }
}
