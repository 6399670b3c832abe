using Microsoft.EntityFrameworkCore;
using Pds.Application.Identity;
using Pds.Domain.Identifiers;
using Pds.Domain.Identity;
using Pds.Infrastructure.Persistence;

namespace Pds.Infrastructure.Identity;

/// <summary>Keeps operation logs in the server's database.</summary>
internal sealed class EfPlcLogStore(IDbContextFactory<PdsDbContext> contexts) : IPlcLogStore
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<PlcLogEntry>> ReadAsync(Did did, CancellationToken cancellationToken)
    {
        await using PdsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        List<PlcOperationRow> rows = await context.Set<PlcOperationRow>().AsNoTracking().Where(row => row.Did == did).OrderBy(row => row.Position).ToListAsync(cancellationToken);
        return [.. rows.Select(row => new PlcLogEntry(PlcOperation.FromJson(row.Operation), row.CreatedAt, row.Nullified))];
    }

    /// <inheritdoc/>
    public async Task<bool> AppendAsync(Did did, IReadOnlyList<PlcLogEntry> log, CancellationToken cancellationToken)
    {
        await using PdsDbContext context = await contexts.CreateDbContextAsync(cancellationToken);
        List<PlcOperationRow> rows = await context.Set<PlcOperationRow>().Where(row => row.Did == did).OrderBy(row => row.Position).ToListAsync(cancellationToken);
        if (rows.Count != log.Count - 1)
        {
            return false;
        }

        for (int i = 0; i < rows.Count; i++)
        {
            rows[i].Nullified = log[i].Nullified;
        }

        PlcLogEntry added = log[^1];
        context.Add(new PlcOperationRow { Did = did, Position = rows.Count, Operation = added.Operation.ToJson(), CreatedAt = added.CreatedAt });
        try
        {
            await context.SaveChangesAsync(cancellationToken);
            return true;
        }
        catch (DbUpdateException) when (!cancellationToken.IsCancellationRequested)
        {
            await using PdsDbContext again = await contexts.CreateDbContextAsync(cancellationToken);
            if (await again.Set<PlcOperationRow>().CountAsync(row => row.Did == did, cancellationToken) >= log.Count)
            {
                return false; // somebody else took the place
            }

            throw;
        }
    }
}
