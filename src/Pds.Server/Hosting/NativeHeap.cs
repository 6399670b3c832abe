using System.Runtime.InteropServices;

namespace Pds.Server.Hosting;

/// <summary>The C library's allocator. It is the whole process's, so the host calls it and never the library.</summary>
internal static partial class NativeHeap
{
    /// <summary>Returns what glibc holds for later to the system.</summary>
    public static void ReturnFreeBlocks()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        try
        {
            _ = Trim(0);
        }
        catch (Exception exception) when (exception is DllNotFoundException or EntryPointNotFoundException)
        {
            // another C library, which has no such habit
        }
    }

    [LibraryImport("libc.so.6", EntryPoint = "malloc_trim")]
    private static partial int Trim(nuint kept);
}
