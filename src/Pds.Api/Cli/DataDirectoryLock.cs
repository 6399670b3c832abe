namespace Pds.Api.Cli;

/// <summary>Keeps a data directory to one process: a server, or a command that changes something. The operating system lets go of it when the process ends, however it ends.</summary>
internal sealed class DataDirectoryLock : IDisposable
{
    private const string FileName = "pds.lock";

    private readonly FileStream _file;

    private DataDirectoryLock(FileStream file) => _file = file;

    /// <summary>Takes the lock; <see langword="null"/> when another process has it.</summary>
    /// <param name="directory">The data directory; made when it is not there.</param>
    public static DataDirectoryLock? TryTake(string directory)
    {
        Directory.CreateDirectory(directory);
        try
        {
            return new DataDirectoryLock(new FileStream(Path.Combine(directory, FileName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException exception) when (exception is not (FileNotFoundException or DirectoryNotFoundException or PathTooLongException))
        {
            return null;
        }
    }

    public void Dispose() => _file.Dispose();
}
