namespace Pds.Infrastructure.Persistence;

/// <summary>Tables that the SQL of several features names. Their rows are mapped by the feature that owns them.</summary>
internal static class SharedTables
{
    /// <summary>The accounts: <c>id</c> is what every other table calls <c>account_id</c>, <c>did</c> is unique.</summary>
    public const string Account = "account";

    /// <summary>The records: (<c>account_id</c>, <c>path</c>), and <c>rev</c>, the revision that wrote each.</summary>
    public const string Record = "record";
}
