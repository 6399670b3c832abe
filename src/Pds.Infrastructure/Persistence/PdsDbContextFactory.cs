using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Pds.Infrastructure.Persistence;

/// <summary>Lets dotnet-ef make migrations without a running server; the database it names is never opened.</summary>
internal sealed class PdsDbContextFactory : IDesignTimeDbContextFactory<PdsDbContext>
{
    public PdsDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<PdsDbContext>().UseSqlite("Data Source=:memory:").Options);
}
