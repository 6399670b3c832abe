using Pds.Infrastructure.Persistence;

namespace Pds.Infrastructure.DependencyInjection;

/// <summary>What <c>UseSqlite</c> asked for.</summary>
internal sealed class SqliteChoice
{
    /// <summary>Name of the database file in the data directory.</summary>
    public const string DefaultFile = "pds.sqlite";

    /// <summary>The connection string; <see langword="null"/> means <see cref="DefaultFile"/> in the data directory.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>What an acknowledged write survives.</summary>
    public SqliteDurability Durability { get; set; }
}
