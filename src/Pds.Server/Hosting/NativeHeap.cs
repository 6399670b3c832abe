using System.Runtime.InteropServices;

namespace Pds.Server.Hosting;

/// <summary>Settings of the C library's allocator. Process-wide, so the host makes them and never the library.</summary>
internal static partial class NativeHeap
{
    private const int MmapThreshold = -3;
    private const int LargeBlock = 1024 * 1024;

    /// <summary>
    /// Lets glibc give large blocks back at once. A password hash takes 16 MB of native memory. libsodium maps and unmaps it by itself; without
    /// libsodium OpenSSL takes it from this allocator, and by default each thread that ever computed one keeps as much, which on a small machine
    /// is most of what there is.
    /// </summary>
    public static void ReturnLargeBlocks() => Try(static () => SetOption(MmapThreshold, LargeBlock));

    /// <summary>Returns what glibc holds for later to the system.</summary>
    public static void ReturnFreeBlocks() => Try(static () => Trim(0));

    private static void Try(Func<int> call)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        try
        {
            _ = call();
        }
        catch (Exception exception) when (exception is DllNotFoundException or EntryPointNotFoundException)
        {
            // another C library, which has no such habit
        }
    }

    [LibraryImport("libc.so.6", EntryPoint = "mallopt")]
    private static partial int SetOption(int parameter, int value);

    [LibraryImport("libc.so.6", EntryPoint = "malloc_trim")]
    private static partial int Trim(nuint kept);
}
