using Microsoft.EntityFrameworkCore;
using Pds.Application.Accounts;
using Pds.Domain.Identifiers;
using Pds.Infrastructure.Persistence;

namespace Pds.Infrastructure.Accounts;

/// <summary>Preferences in the service tables.</summary>
internal sealed class EfPreferenceStore(IDbContextFactory<PdsDbContext> contexts, WriteQueue queue) : IPreferenceStore
{
    public async ValueTask<IReadOnlyList<Preference>> ListAsync(Did did, CancellationToken cancellationToken)
    {
        await using PdsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        List<PreferenceRow> rows = await context.Set<PreferenceRow>().AsNoTracking().Where(row => row.Did == did).OrderBy(row => row.Id).ToListAsync(cancellationToken);
        return [.. rows.Select(row => new Preference(row.Type, row.Json))];
    }

    public Task ReplaceAsync(Did did, Func<string, bool> isReplaced, IReadOnlyList<Preference> preferences, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return queue.WriteAsync(context =>
        {
            DbSet<PreferenceRow> rows = context.Set<PreferenceRow>();
            rows.RemoveRange(rows.Where(row => row.Did == did).AsEnumerable().Where(row => isReplaced(row.Type)));
            context.SaveChanges();  // first, so that ids are given in the order of the list

            rows.AddRange(preferences.Select(preference => new PreferenceRow { Did = did, Type = preference.Type, Json = preference.Json }));
            return preferences.Count;
        });
    }
}
