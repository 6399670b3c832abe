using BenchmarkDotNet.Attributes;
using Pds.Cryptography;

namespace Pds.Benchmarks;

/// <summary>One password hash: what a sign-in costs.</summary>
[MemoryDiagnoser]
public class PasswordBenchmarks
{
    private const int Cost = 16_384;
    private const int BlockSize = 8;

    private readonly byte[] _password = "correct horse battery staple"u8.ToArray();
    private readonly byte[] _salt = "000102030405060708090a0b0c0d0e0f"u8.ToArray();
    private readonly byte[] _key = new byte[64];
    private readonly Scrypt _managed = new ManagedScrypt();
    private readonly Scrypt? _sodium = SodiumScrypt.TryLoad();

    [Benchmark(Baseline = true)]
    public void BouncyCastle() => Derive(_managed);

    [Benchmark]
    public void Sodium() => Derive(_sodium);

    private void Derive(Scrypt? scrypt) => (scrypt ?? throw new PlatformNotSupportedException("The library is not installed."))
        .Derive(_password, _salt, Cost, BlockSize, 1, _key);
}
