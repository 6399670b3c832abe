using System.Runtime.InteropServices;
using Pds.Application.Server;
using Pds.Application.Settings;

namespace Pds.Server.Hosting;

/// <summary>The data directory of <c>pds</c>: there, writable, and closed to everybody but its owner.</summary>
internal static partial class DataDirectory
{
    public const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private const string Database = "pds.sqlite";
    private const string Setting = "PDS_DATA_DIRECTORY";
    private const string BlobSetting = "PDS_BLOBSTORE_DISK_LOCATION";
    private const string UploadSetting = "PDS_BLOBSTORE_DISK_TMP_LOCATION";
    private const int ReadOnlyFileSystem = 30;
    private const int OthersMayNot = 0b000_111_111;

    /// <summary>Whether a server was ever started on it.</summary>
    public static bool HasServer(StorageSettings options) => new FileInfo(Path.Combine(options.DataDirectory, Database)) is { Exists: true, Length: > 0 };

    /// <summary>From here on, whatever this process makes is its owner's alone: SQLite's files, blobs, staging files.</summary>
    public static void MakeFilesPrivate()
    {
        if (!OperatingSystem.IsWindows())
        {
            _ = SetMask(OthersMayNot);
        }
    }

    /// <summary>Makes the directory and those of blobs where they are missing, tries to write, and takes away what an earlier version let others read.</summary>
    /// <exception cref="StartRefusedException">One of them cannot be written.</exception>
    public static void Prepare(StorageSettings options)
    {
        string directory = Path.GetFullPath(options.DataDirectory);
        RequireWritable(directory, Setting);
        foreach (string file in new[] { Database, $"{Database}-wal", $"{Database}-shm" }.Select(name => Path.Combine(directory, name)).Where(File.Exists))
        {
            Try(file, () => new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite).Dispose());
        }

        string blobs = Path.GetFullPath(options.BlobPath);
        if (options.BlobDirectory is not null || Directory.Exists(blobs))
        {
            RequireWritable(blobs, BlobSetting);
        }

        if (options.BlobTempDirectory is { } uploads)
        {
            RequireWritable(Path.GetFullPath(uploads), UploadSetting);
        }

        Close(directory);
        Close(blobs);
    }

    /// <summary>Runs something that touches the directory; a refusal of the operating system becomes one that says who may do what.</summary>
    /// <exception cref="StartRefusedException">It cannot be written.</exception>
    public static void Try(string path, Action work, string setting = Setting)
    {
        try
        {
            work();
        }
        catch (IOException exception) when ((exception.HResult & 0xFFFF) == ReadOnlyFileSystem && OperatingSystem.IsLinux())
        {
            throw new StartRefusedException(
                $"{path} is on a file system that is mounted read-only, and the server has to write there. Mount it for writing (`mount -o remount,rw …`), or name another directory in {setting}.",
                exception);
        }
        catch (UnauthorizedAccessException exception)
        {
            string there = NearestExisting(path);
            string user = Environment.UserName;
            throw new StartRefusedException(
                $"{path} cannot be written: {there} belongs to {FileOwner.NameOf(there)}, and the server runs as {user}. "
                + $"Give it to that user (`chown -R {user} {there}`), or name another directory in {setting}.",
                exception);
        }
    }

    private static void RequireWritable(string directory, string setting)
    {
        Try(directory, () => Directory.CreateDirectory(directory), setting);
        Try(directory, () => File.Create(Path.Combine(directory, $".pds-{Guid.NewGuid():n}"), 1, FileOptions.DeleteOnClose).Dispose(), setting);
    }

    private static string NearestExisting(string path)
    {
        string at = path;
        while (!Path.Exists(at) && Path.GetDirectoryName(at) is { Length: > 0 } above)
        {
            at = above;
        }

        return at;
    }

    /// <summary>Closes a directory to others. Not one that is shared on purpose (the root, or sticky as <c>/tmp</c>), and not one that is somebody else's.</summary>
    private static void Close(string directory)
    {
        if (OperatingSystem.IsWindows() || !Directory.Exists(directory) || Path.GetDirectoryName(directory) is null)
        {
            return;
        }

        UnixFileMode mode = File.GetUnixFileMode(directory);
        if ((mode & ~OwnerOnly) == UnixFileMode.None || mode.HasFlag(UnixFileMode.StickyBit))
        {
            return;
        }

        try
        {
            File.SetUnixFileMode(directory, mode & OwnerOnly);
        }
        catch (UnauthorizedAccessException)
        {
            // Writable by a group, and not ours: its owner has decided who may read it.
        }
    }

    [LibraryImport("libc", EntryPoint = "umask")]
    private static partial int SetMask(int mask);
}
