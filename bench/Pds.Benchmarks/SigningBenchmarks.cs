using BenchmarkDotNet.Attributes;
using Pds.Cryptography;
using Pds.Domain.Crypto;
using Pds.Infrastructure.Crypto;

namespace Pds.Benchmarks;

/// <summary>Signatures over a commit, by implementation.</summary>
[MemoryDiagnoser]
public class SigningBenchmarks
{
    private readonly byte[] _message = new byte[118];
    private readonly byte[] _signature = new byte[ISigner.SignatureLength];
    private ISigner? _native;
    private ISigner? _managed;
    private ISigner? _p256;
    private Verifier? _verifier;

    [GlobalSetup]
    public void SetUp()
    {
        var native = new KeyFactory(Secp256k1.Open());
        byte[] key = native.Generate(KeyCurve.Secp256k1);
        _native = native.CreateSigner(KeyCurve.Secp256k1, key);
        _managed = new KeyFactory(new ManagedSecp256k1()).CreateSigner(KeyCurve.Secp256k1, key);
        _p256 = native.CreateSigner(KeyCurve.P256, native.Generate(KeyCurve.P256));
        _verifier = new Verifier();
        _native.Sign(_message, _signature);
    }

    [Benchmark(Baseline = true)]
    public void SignSecp256k1() => _native!.Sign(_message, _signature);

    [Benchmark]
    public void SignSecp256k1Managed() => _managed!.Sign(_message, new byte[ISigner.SignatureLength]);

    [Benchmark]
    public void SignP256() => _p256!.Sign(_message, new byte[ISigner.SignatureLength]);

    [Benchmark]
    public bool VerifySecp256k1() => _verifier!.Verify(_native!.PublicKey, _message, _signature);
}
