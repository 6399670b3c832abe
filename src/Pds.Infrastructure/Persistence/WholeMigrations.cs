using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;

namespace Pds.Infrastructure.Persistence;

/// <summary>Makes SQL of migrations that are applied whole or not at all, also where SQLite has to copy a table for a new foreign key.</summary>
/// <remarks>
/// EF Core turns foreign keys off and on around each copy, which commits what was done so far: a process that ended there left a database that neither version
/// could open. Here they are turned off once, before anything else, and come back when the connection is opened again.
/// </remarks>
internal sealed class WholeMigrations(MigrationsSqlGeneratorDependencies dependencies, IRelationalAnnotationProvider annotations)
    : SqliteMigrationsSqlGenerator(dependencies, annotations)
{
    public override IReadOnlyList<MigrationCommand> Generate(
        IReadOnlyList<MigrationOperation> operations, IModel? model = null, MigrationsSqlGenerationOptions options = MigrationsSqlGenerationOptions.Default)
    {
        IReadOnlyList<MigrationCommand> commands = base.Generate(operations, model, options);
        MigrationCommand? off = commands.FirstOrDefault(command => command.TransactionSuppressed);
        return off is null ? commands : [off, .. commands.Where(command => !command.TransactionSuppressed)];
    }
}
