namespace Pds.IntegrationTests.Stores.Contracts;

/// <summary>SQLite serves one node: both writers are its threads.</summary>
internal static class SqliteNodes
{
    public static async Task<IReadOnlyList<PdsApplication>> StartAsync(IReadOnlyDictionary<string, string?> settings) => [await PdsApplication.StartAsync(settings)];
}

internal sealed class SqliteRepositoryStoreContract : RepositoryStoreContract
{
    protected override Task<IReadOnlyList<PdsApplication>> StartAsync(IReadOnlyDictionary<string, string?> settings) => SqliteNodes.StartAsync(settings);
}

internal sealed class SqliteRecordStoreContract : RecordStoreContract
{
    protected override Task<IReadOnlyList<PdsApplication>> StartAsync(IReadOnlyDictionary<string, string?> settings) => SqliteNodes.StartAsync(settings);
}

internal sealed class SqliteEventLogContract : EventLogContract
{
    protected override Task<IReadOnlyList<PdsApplication>> StartAsync(IReadOnlyDictionary<string, string?> settings) => SqliteNodes.StartAsync(settings);
}

internal sealed class SqliteAccountStoreContract : AccountStoreContract
{
    protected override Task<IReadOnlyList<PdsApplication>> StartAsync(IReadOnlyDictionary<string, string?> settings) => SqliteNodes.StartAsync(settings);
}

internal sealed class SqliteSessionStoreContract : SessionStoreContract
{
    protected override Task<IReadOnlyList<PdsApplication>> StartAsync(IReadOnlyDictionary<string, string?> settings) => SqliteNodes.StartAsync(settings);
}

internal sealed class SqliteOAuthSessionStoreContract : OAuthSessionStoreContract
{
    protected override Task<IReadOnlyList<PdsApplication>> StartAsync(IReadOnlyDictionary<string, string?> settings) => SqliteNodes.StartAsync(settings);
}

internal sealed class SqliteBlobIndexContract : BlobIndexContract
{
    protected override Task<IReadOnlyList<PdsApplication>> StartAsync(IReadOnlyDictionary<string, string?> settings) => SqliteNodes.StartAsync(settings);
}

/// <summary>What a server over SQLite has.</summary>
internal sealed class SqliteReplayStoreContract : ReplayStoreContract
{
    protected override Task<IReadOnlyList<PdsApplication>> StartAsync(IReadOnlyDictionary<string, string?> settings) => SqliteNodes.StartAsync(settings);
}
