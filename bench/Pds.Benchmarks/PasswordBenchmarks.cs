using System.Runtime.Intrinsics;
using BenchmarkDotNet.Attributes;
using Org.BouncyCastle.Crypto.Generators;
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
    private readonly Vector128<uint>[] _memory = new Vector128<uint>[VectorScrypt.MemoryVectors(Cost, BlockSize)];

    [Benchmark(Baseline = true)]
    public byte[] BouncyCastle() => SCrypt.Generate(_password, _salt, Cost, BlockSize, 1, 64);

    [Benchmark]
    public void Vectors() => VectorScrypt.Derive(_password, _salt, Cost, BlockSize, 1, _memory, _key);
}
