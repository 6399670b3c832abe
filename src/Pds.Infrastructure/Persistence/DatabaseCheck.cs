using Microsoft.Data.Sqlite;
using Pds.Application.Server;
using Pds.Application.Settings;

namespace Pds.Infrastructure.Persistence;

/// <summary>Whether this program, with these settings, may start on what lies in the data directory. Looks at headers and single rows; nothing grows with the data.</summary>
internal sealed class DatabaseCheck(SqliteDatabase database, StorageSettings options, IEnumerable<IDatabaseStart> features) : IStartCheck
{
    private const int NotADatabase = 26;
    private const int Corrupt = 11;

    /// <summary>What the official server leaves in its data directory.</summary>
    private static readonly string[] Official = ["account.sqlite", "sequencer.sqlite", "actors"];

    public void Check()
    {
        if (Directory.Exists(database.File))
        {
            throw NotOurs("is a directory", null);    // as container engines make where a file to mount is missing
        }

        if (!database.IsThere)
        {
            RequireNothingToLose();
            return;
        }

        RequireHeader();
        try
        {
            using SqliteConnection connection = database.OpenForReading();
            SchemaHistory history = SchemaHistory.Read(connection);
            RequireKnownSchema(history);
            foreach (IDatabaseStart feature in features)
            {
                feature.Check(connection, history);
            }
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode is NotADatabase or Corrupt)
        {
            throw NotOurs("cannot be read as a database", exception);
        }
    }

    private void RequireNothingToLose()
    {
        if (options.StartEmpty)
        {
            return;
        }

        string directory = Path.GetFullPath(options.DataDirectory);
        if (Array.Find(Official, name => Path.Exists(Path.Combine(directory, name))) is { } found)
        {
            throw new StartRefusedException(
                $"The data directory {directory} holds {found}, which the official server made, and no database of this server ({database.Name}). "
                + "A server started here would not have those accounts. Name another directory in PDS_DATA_DIRECTORY, or run `pds serve --empty` to begin an empty server beside those files.");
        }

        string blobs = Path.GetFullPath(options.BlobPath);
        if (Directory.Exists(blobs) && Directory.EnumerateFiles(blobs, "*", SearchOption.AllDirectories).Any())
        {
            throw new StartRefusedException(
                $"The blob directory {blobs} holds files, but there is no database {database.File}. The accounts that the files belong to would be missing. "
                + "Restore the database, or correct PDS_DATA_DIRECTORY; to begin an empty server all the same, run `pds serve --empty` or `pds init`.");
        }
    }

    private void RequireHeader()
    {
        Span<byte> start = stackalloc byte[SqliteDatabase.Magic.Length];
        using FileStream file = new(database.File, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        if (file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) < start.Length || !start.SequenceEqual(SqliteDatabase.Magic))
        {
            throw NotOurs("does not begin as an SQLite database", null);
        }
    }

    private void RequireKnownSchema(SchemaHistory history)
    {
        if (history.IsForeign)
        {
            throw NotOurs("is a database of another program", null);
        }

        if (history.Unknown is { } newer)
        {
            throw new StartRefusedException(
                $"The database {database.File} has a newer schema ({newer}) than this program knows. An older program would damage it. "
                + "Start the newer program again (`pds --version` shows a program's version), or restore a backup that is older than the update.");
        }
    }

    private StartRefusedException NotOurs(string what, Exception? cause) => new(
        $"The file {database.File} {what}. It is damaged, or does not belong to this server. "
        + "Restore it from a backup, or name the right directory in PDS_DATA_DIRECTORY; to begin an empty server, move the file away and run `pds serve --empty`.",
        cause);
}
