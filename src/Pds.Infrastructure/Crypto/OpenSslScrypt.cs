using System.Runtime.InteropServices;

namespace Pds.Infrastructure.Crypto;

/// <summary>scrypt by OpenSSL, whose memory comes from the C library's allocator.</summary>
internal sealed unsafe class OpenSslScrypt : Scrypt
{
    private const ulong MaxMemory = 256 << 20;

    private static readonly string[] FileNames =
        ["libcrypto.so.3", "libcrypto.so.1.1", "libcrypto.3.dylib", "libcrypto-3-x64.dll", "libcrypto-3-arm64.dll"];

    private readonly delegate* unmanaged[Cdecl]<byte*, nuint, byte*, nuint, ulong, ulong, ulong, ulong, byte*, nuint, int> _derive;

    private OpenSslScrypt(nint derive) =>
        _derive = (delegate* unmanaged[Cdecl]<byte*, nuint, byte*, nuint, ulong, ulong, ulong, ulong, byte*, nuint, int>)derive;

    /// <inheritdoc/>
    public override string Name => "OpenSSL";

    /// <summary>Loads the library; <see langword="null"/> when it is not there or fails the self-test.</summary>
    public static Scrypt? TryLoad() => TryLoad(FileNames, Bind);

    /// <inheritdoc/>
    protected override bool TryDerive(
        ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, int cost, int blockSize, int parallelization, Span<byte> key)
    {
        fixed (byte* passwordStart = password.IsEmpty ? "\0"u8 : password) // an empty span has no address, and without one OpenSSL computes nothing
        fixed (byte* saltStart = salt.IsEmpty ? "\0"u8 : salt)
        fixed (byte* keyStart = key)
        {
            return _derive(
                passwordStart, (nuint)password.Length, saltStart, (nuint)salt.Length,
                (ulong)cost, (ulong)blockSize, (ulong)parallelization, MaxMemory, keyStart, (nuint)key.Length) == 1;
        }
    }

    private static OpenSslScrypt? Bind(nint library) =>
        NativeLibrary.TryGetExport(library, "EVP_PBE_scrypt", out nint derive) ? new(derive) : null;
}
