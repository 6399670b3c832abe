using Microsoft.EntityFrameworkCore;
using Pds.Application.Accounts;
using Pds.Application.Factors;
using Pds.Domain.Identifiers;
using Pds.Infrastructure.Accounts;
using Pds.Infrastructure.Persistence;

namespace Pds.Infrastructure.Factors;

/// <summary>Recovery codes in the service tables.</summary>
internal sealed class EfRecoveryCodeStore(IDbContextFactory<PdsDbContext> contexts, WriteQueue queue, SignIns signIns, FactorSecrets secrets) : IRecoveryCodeStore
{
    public Task<bool> ReplaceAsync(SignInProof proof, IReadOnlyList<string> codes, CancellationToken cancellationToken)
    {
        Did did = proof.Account;
        string[] hashes = [.. codes.Select(code => secrets.HashOf(did, code))];
        return queue.WriteAsync(context =>
        {
            signIns.Require(context, proof);
            return context.Set<AuthenticatorRow>().Any(row => row.Did == did && row.ConfirmedAt != null) && Replace(context, did, hashes) > 0;
        });
    }

    public Task<bool> UseAsync(Did did, string code, CancellationToken cancellationToken)
    {
        string hash = secrets.HashOf(did, code);
        return queue.WriteAsync(context => context.Set<RecoveryCodeRow>().Where(row => row.Did == did && row.Hash == hash).ExecuteDelete() > 0);
    }

    public async ValueTask<int> CountAsync(Did did, CancellationToken cancellationToken)
    {
        await using PdsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Set<RecoveryCodeRow>().CountAsync(row => row.Did == did, cancellationToken);
    }

    /// <summary>Keeps codes in place of those before, within another change.</summary>
    /// <returns>How many there are.</returns>
    public static int Replace(PdsDbContext context, Did did, IReadOnlyList<string> hashes)
    {
        context.Set<RecoveryCodeRow>().Where(row => row.Did == did).ExecuteDelete();
        context.AddRange(hashes.Select(hash => new RecoveryCodeRow { Did = did, Hash = hash }));
        return hashes.Count;
    }
}
