using Pds.Application.Server;

namespace Pds.Server.Hosting;

/// <summary>Keeps a data directory to one process: a server, or a command that changes something. The operating system lets go of it when the process ends, however it ends.</summary>
internal sealed class DataDirectoryLock : IDisposable
{
    private const string FileName = "pds.lock";

    /// <summary>EWOULDBLOCK on Linux, on macOS, and ERROR_SHARING_VIOLATION.</summary>
    private static readonly int[] Held = [11, 35, 32];

    private readonly FileStream _file;
    private readonly bool _isNew;

    private DataDirectoryLock(FileStream file)
    {
        _file = file;
        _isNew = file.Length > 0;
    }

    /// <summary>Whether a server was started on the directory once: the lock is empty from then on.</summary>
    public static bool TellsOfAServer(string directory) => new FileInfo(Path.Combine(directory, FileName)) is { Exists: true, Length: 0 };

    /// <summary>Takes the lock; <see langword="null"/> when another process has it.</summary>
    /// <param name="directory">The data directory; made when it is not there.</param>
    /// <exception cref="StartRefusedException">The directory cannot be written.</exception>
    public static DataDirectoryLock? TryTake(string directory)
    {
        string path = Path.GetFullPath(Path.Combine(directory, FileName));
        DataDirectoryLock? taken = null;
        DataDirectory.Try(path, () =>
        {
            Directory.CreateDirectory(directory);
            bool isNew = !File.Exists(path);
            try
            {
                FileStream file = new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                if (isNew)
                {
                    file.Write("new"u8);
                    file.Flush();
                }

                taken = new DataDirectoryLock(file);
            }
            catch (IOException exception) when (Held.Contains(exception.HResult & 0xFFFF))
            {
                // Another process has it.
            }
        });
        return taken;
    }

    /// <summary>Notes that there is a server on the directory now.</summary>
    public void NoteServer()
    {
        _file.SetLength(0);
        _file.Flush(flushToDisk: true);
    }

    /// <summary>Gives the directory back. Where no server came of it, nothing stays behind.</summary>
    public void Dispose()
    {
        if (_isNew && _file.Length > 0)
        {
            File.Delete(_file.Name);
        }

        _file.Dispose();
    }
}
