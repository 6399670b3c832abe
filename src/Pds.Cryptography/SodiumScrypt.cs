using System.Runtime.InteropServices;

namespace Pds.Cryptography;

/// <summary>scrypt by libsodium, which the operating system brings (Debian: libsodium23). It maps its memory itself and gives it back after each key.</summary>
internal sealed unsafe class SodiumScrypt : Scrypt
{
    private static readonly string[] FileNames =
        ["libsodium.so.26", "libsodium.so.23", "libsodium.26.dylib", "libsodium.23.dylib", "libsodium"];

    private readonly delegate* unmanaged[Cdecl]<byte*, nuint, byte*, nuint, ulong, uint, uint, byte*, nuint, int> _derive;

    private SodiumScrypt(nint derive) =>
        _derive = (delegate* unmanaged[Cdecl]<byte*, nuint, byte*, nuint, ulong, uint, uint, byte*, nuint, int>)derive;

    /// <inheritdoc/>
    public override string Name => "libsodium";

    /// <summary>Loads the library; <see langword="null"/> when it is not there or fails the self-test.</summary>
    public static Scrypt? TryLoad() => TryLoad(FileNames, Bind);

    /// <inheritdoc/>
    protected override bool TryDerive(
        ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, int cost, int blockSize, int parallelization, Span<byte> key)
    {
        fixed (byte* passwordStart = password.IsEmpty ? "\0"u8 : password) // an empty span has no address, and the library asks for one
        fixed (byte* saltStart = salt.IsEmpty ? "\0"u8 : salt)
        fixed (byte* keyStart = key)
        {
            return _derive(
                passwordStart, (nuint)password.Length, saltStart, (nuint)salt.Length,
                (ulong)cost, (uint)blockSize, (uint)parallelization, keyStart, (nuint)key.Length) == 0;
        }
    }

    /// <summary>The library chooses the code for this processor when it is initialized, which may be done more than once.</summary>
    private static SodiumScrypt? Bind(nint library) =>
        NativeLibrary.TryGetExport(library, "sodium_init", out nint initialize)
        && NativeLibrary.TryGetExport(library, "crypto_pwhash_scryptsalsa208sha256_ll", out nint derive)
        && ((delegate* unmanaged[Cdecl]<int>)initialize)() >= 0
            ? new(derive)
            : null;
}
