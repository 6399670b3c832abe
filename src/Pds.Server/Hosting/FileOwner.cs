using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Pds.Server.Hosting;

/// <summary>Whose a file is, for messages. The platform knows the mode of a file only.</summary>
internal static partial class FileOwner
{
    private const int CurrentDirectory = -100;
    private const uint WantsOwner = 0x8;

    // struct statx is the same on all architectures of Linux: 256 bytes, the owner's number at 20.
    private const int StatLength = 256;
    private const int OwnerOffset = 20;

    /// <summary>The owner's name, or number; <c>another user</c> where the system does not say.</summary>
    public static string NameOf(string path)
    {
        byte[] stat = new byte[StatLength];
        try
        {
            if (!OperatingSystem.IsLinux() || Stat(CurrentDirectory, path, 0, WantsOwner, stat) != 0)
            {
                return "another user";
            }
        }
        catch (EntryPointNotFoundException)
        {
            return "another user";
        }

        string number = BinaryPrimitives.ReadUInt32LittleEndian(stat.AsSpan(OwnerOffset)).ToString(CultureInfo.InvariantCulture);
        return FindName(number) ?? $"user {number}";
    }

    private static string? FindName(string number)
    {
        try
        {
            return File.ReadLines("/etc/passwd").Select(line => line.Split(':')).FirstOrDefault(fields => fields.Length > 2 && fields[2] == number)?[0];
        }
        catch (IOException)
        {
            return null;
        }
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Stat(int directory, string path, int flags, uint mask, [Out] byte[] buffer);
}
