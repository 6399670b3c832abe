using Microsoft.EntityFrameworkCore;
using Pds.Application.Accounts;
using Pds.Application.Factors;
using Pds.Domain.Identifiers;
using Pds.Infrastructure.Accounts;
using Pds.Infrastructure.Persistence;

namespace Pds.Infrastructure.Factors;

/// <summary>Secrets of authenticator apps in the service tables. The single writer makes every use of a code atomic.</summary>
internal sealed class EfAuthenticatorStore(IDbContextFactory<PdsDbContext> contexts, WriteQueue queue, SignIns signIns, FactorSecrets secrets, AccountCache cache) : IAuthenticatorStore
{
    public async ValueTask<Authenticator?> FindAsync(Did did, CancellationToken cancellationToken)
    {
        await using PdsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        AuthenticatorRow? row = await context.Set<AuthenticatorRow>().AsNoTracking().SingleOrDefaultAsync(row => row.Did == did, cancellationToken);
        return row is null ? null : new Authenticator(secrets.Open(row.Secret, did), row.CreatedAt, row.ConfirmedAt, row.UsedStep);
    }

    public Task<bool> BeginAsync(SignInProof proof, Authenticator authenticator, CancellationToken cancellationToken)
    {
        Did did = proof.Account;
        byte[] sealedSecret = secrets.Seal(authenticator.Secret.Span, did);
        return queue.WriteAsync(context =>
        {
            signIns.Require(context, proof);
            AuthenticatorRow? row = Find(context, did);
            if (row is { ConfirmedAt: not null })
            {
                return false;
            }

            if (row is null)
            {
                row = new AuthenticatorRow { Did = did, Secret = sealedSecret };
                context.Add(row);
            }

            row.Secret = sealedSecret;
            row.CreatedAt = authenticator.CreatedAt;
            row.UsedStep = authenticator.UsedStep;
            return true;
        });
    }

    public async Task<bool> ConfirmAsync(SignInProof proof, Authenticator confirmed, IReadOnlyList<string> recoveryCodes, CancellationToken cancellationToken)
    {
        Did did = proof.Account;
        string[] hashes = [.. recoveryCodes.Select(code => secrets.HashOf(did, code))];
        var entry = new SignInChangeWrite(did, cache, context =>
        {
            signIns.Require(context, proof);
            if (Find(context, did) is not { ConfirmedAt: null } row || !confirmed.Secret.Span.SequenceEqual(secrets.Open(row.Secret, did)))
            {
                return false;
            }

            row.ConfirmedAt = confirmed.ConfirmedAt;
            row.UsedStep = confirmed.UsedStep;
            EfRecoveryCodeStore.Replace(context, did, hashes);
            FactorSignIns.EndTrust(context, did);
            return true;
        });
        await queue.AppendAsync(entry);
        return entry.IsChanged;
    }

    public Task<bool> UseAsync(Did did, long step, CancellationToken cancellationToken) => queue.WriteAsync(context =>
        context.Set<AuthenticatorRow>().Where(row => row.Did == did && row.UsedStep < step).ExecuteUpdate(row => row.SetProperty(one => one.UsedStep, step)) > 0);

    public Task<bool> RemoveAsync(Did did, CancellationToken cancellationToken) => queue.WriteAsync(context =>
    {
        if (Find(context, did) is not { } row)
        {
            return false;
        }

        context.Remove(row);
        EfRecoveryCodeStore.Replace(context, did, []);
        FactorSignIns.EndTrust(context, did);
        return row.ConfirmedAt is not null;
    });

    private static AuthenticatorRow? Find(PdsDbContext context, Did did) => context.Set<AuthenticatorRow>().SingleOrDefault(row => row.Did == did);
}
