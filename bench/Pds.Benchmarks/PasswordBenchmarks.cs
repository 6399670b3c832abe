using BenchmarkDotNet.Attributes;
using Pds.Infrastructure.Crypto;

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
    private readonly Scrypt _managed = Scrypt.Managed();
    private readonly Scrypt _native = Scrypt.Open();

    [Benchmark(Baseline = true)]
    public void BouncyCastle() => _managed.Derive(_password, _salt, Cost, BlockSize, 1, _key);

    /// <summary>OpenSSL, where there is one.</summary>
    [Benchmark]
    public void Native() => _native.Derive(_password, _salt, Cost, BlockSize, 1, _key);
}
