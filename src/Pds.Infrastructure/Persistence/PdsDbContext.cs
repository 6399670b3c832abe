using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Pds.Infrastructure.Persistence;

/// <summary>The service tables. Hot tables are mapped here too, so that migrations make them; they are read and written by prepared commands.</summary>
internal sealed class PdsDbContext(DbContextOptions<PdsDbContext> options) : DbContext(options)
{
    protected override void OnConfiguring(DbContextOptionsBuilder optionsBuilder) => optionsBuilder
        .ReplaceService<IMigrationsSqlGenerator, WholeMigrations>()
        .ConfigureWarnings(warnings => warnings.Ignore(RelationalEventId.NonTransactionalMigrationOperationWarning)); // the one that is left changes nothing

    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(PdsDbContext).Assembly);

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UnixMillisecondsConverter>();
        configurationBuilder.Properties<Domain.Identifiers.Did>().HaveConversion<DidConverter>();
        configurationBuilder.Properties<Domain.Identifiers.Handle>().HaveConversion<HandleConverter>();
    }
}
