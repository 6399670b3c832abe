using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Pds.Cryptography;

/// <summary>scrypt by libsodium, whose native files the package libsodium brings. It maps its memory itself and gives it back after each key.</summary>
internal sealed unsafe partial class SodiumScrypt : Scrypt
{
    private const string Library = "libsodium";

    private SodiumScrypt()
    {
    }

    /// <inheritdoc/>
    public override string Name => "libsodium";

    /// <summary>Loads the library; <see langword="null"/> when no native file fits this machine, or the known answer does not come out.</summary>
    public static SodiumScrypt? TryLoad()
    {
        try
        {
            var loaded = new SodiumScrypt();
            return Initialize() >= 0 && loaded.PassesSelfTest() ? loaded : null;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException)
        {
            return null;
        }
    }

    private protected override bool TryDerive(
        ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, int cost, int blockSize, int parallelization, Span<byte> key)
    {
        fixed (byte* passwordStart = password.IsEmpty ? "\0"u8 : password) // an empty span has no address, and the library asks for one
        fixed (byte* saltStart = salt.IsEmpty ? "\0"u8 : salt)
        fixed (byte* keyStart = key)
        {
            return Derive(
                passwordStart, (nuint)password.Length, saltStart, (nuint)salt.Length,
                (ulong)cost, (uint)blockSize, (uint)parallelization, keyStart, (nuint)key.Length) == 0;
        }
    }

    /// <summary>Chooses the code for this processor; may be called more than once.</summary>
    [LibraryImport(Library, EntryPoint = "sodium_init")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory)]
    private static partial int Initialize();

    [LibraryImport(Library, EntryPoint = "crypto_pwhash_scryptsalsa208sha256_ll")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory)]
    private static partial int Derive(
        byte* password, nuint passwordLength, byte* salt, nuint saltLength, ulong cost, uint blockSize, uint parallelization, byte* key, nuint keyLength);
}
