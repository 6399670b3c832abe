namespace Pds.Infrastructure.DependencyInjection;

/// <summary>What <c>UseSqlite</c> asked for.</summary>
internal sealed class SqliteChoice
{
    /// <summary>The connection string; <see langword="null"/> means <c>pds.sqlite</c> in the data directory.</summary>
    public string? ConnectionString { get; set; }
}
