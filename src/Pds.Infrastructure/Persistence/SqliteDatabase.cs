using Microsoft.Data.Sqlite;

namespace Pds.Infrastructure.Persistence;

/// <summary>Opens connections to the one database file, all with the same settings.</summary>
/// <param name="connectionString">A Microsoft.Data.Sqlite connection string that names a file.</param>
/// <param name="durability">What a commit survives.</param>
internal sealed class SqliteDatabase(string connectionString, SqliteDurability durability)
{
    /// <summary>How long a connection waits for another one's write, in seconds.</summary>
    private const int BusySeconds = 30;

    /// <summary>
    /// Bytes of a page of a new database; one that is there keeps its own. A commit changes a few hundred bytes of some ten pages, each of which is written whole.
    /// </summary>
    private const int PageBytes = 1024;

    /// <summary>The write-ahead log is folded into the database at about this many bytes; rewriting a hot page once instead of often is what makes it large.</summary>
    private const int CheckpointBytes = 16 * 1024 * 1024;

    /// <summary>A write-ahead log that a long read made longer is cut to this when it starts anew, in bytes: what it takes at most otherwise.</summary>
    private const int MaxLogBytes = 32 * 1024 * 1024;

    /// <summary>The connection string that EF Core uses as well.</summary>
    public string ConnectionString { get; } = new SqliteConnectionStringBuilder(connectionString) { ForeignKeys = true, DefaultTimeout = BusySeconds }.ToString();

    /// <summary>What every SQLite database begins with.</summary>
    public static ReadOnlySpan<byte> Magic => "SQLite format 3\0"u8;

    /// <summary>The database file, as a full path.</summary>
    public string File { get; } = Path.GetFullPath(new SqliteConnectionStringBuilder(connectionString).DataSource);

    /// <summary>The name of the file.</summary>
    public string Name => Path.GetFileName(File);

    /// <summary>Whether there is a database. SQLite makes an empty file before it writes the first page, which a crash may leave.</summary>
    public bool IsThere => new FileInfo(File) is { Exists: true, Length: > 0 };

    /// <summary>Makes the folder that the database file lies in, for its owner alone. One that is there stays as it is: it may be the host's.</summary>
    public void CreateFolder()
    {
        string folder = Path.GetDirectoryName(File)!;
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>Lets nobody but the owner read the database: it holds sessions and sealed keys. SQLite gives its write-ahead log the same mode.</summary>
    public void KeepPrivate()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        foreach (string file in new[] { File, $"{File}-wal", $"{File}-shm" }.Where(System.IO.File.Exists))
        {
            try
            {
                System.IO.File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }
            catch (UnauthorizedAccessException)
            {
                // Writable by a group, and not ours: its owner has decided who may read it.
            }
        }
    }

    /// <summary>An open connection that cannot change anything, not even settings in the file.</summary>
    public SqliteConnection OpenForReading()
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder(ConnectionString) { Pooling = false, Mode = SqliteOpenMode.ReadOnly }.ToString());
        connection.Open();
        return connection;
    }

    /// <summary>An open connection outside of any pool of the driver: whoever asks keeps it and disposes of it.</summary>
    public SqliteConnection Open()
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder(ConnectionString) { Pooling = false }.ToString());
        connection.Open();
        Apply(connection);
        return connection;
    }

    /// <summary>Applies the settings that SQLite keeps per connection.</summary>
    public void Apply(SqliteConnection connection)
    {
        using SqliteCommand command = connection.CreateCommand();
        if (!IsThere)
        {
            command.CommandText = $"PRAGMA page_size = {PageBytes}";
            command.ExecuteNonQuery();
        }

        command.CommandText = "PRAGMA journal_mode = WAL";
        command.ExecuteNonQuery();
        command.CommandText = "PRAGMA page_size";
        long pageBytes = (long)command.ExecuteScalar()!;
        command.CommandText = $"""
            PRAGMA synchronous = {(durability == SqliteDurability.PowerLoss ? "FULL" : "NORMAL")};
            PRAGMA wal_autocheckpoint = {CheckpointBytes / pageBytes};
            PRAGMA journal_size_limit = {MaxLogBytes};
            PRAGMA busy_timeout = {BusySeconds * 1000};
            PRAGMA foreign_keys = ON;
            """;
        command.ExecuteNonQuery();
    }
}

/// <summary>What an acknowledged write survives.</summary>
public enum SqliteDurability
{
    /// <summary>Loss of power (<c>synchronous=FULL</c>). The default.</summary>
    PowerLoss,

    /// <summary>The end of the process, but perhaps not of the operating system (<c>synchronous=NORMAL</c>).</summary>
    ProcessCrash,
}
