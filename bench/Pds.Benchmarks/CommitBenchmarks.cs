using BenchmarkDotNet.Attributes;
using Pds.Cryptography;
using Pds.Domain.Crypto;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;
using Pds.Domain.Repositories.Mst;
using Pds.Domain.Sync;
using Pds.Infrastructure.Crypto;

namespace Pds.Benchmarks;

/// <summary>A createRecord from the record to the frame: tree, signature, CAR. Everything but the database.</summary>
[MemoryDiagnoser]
public class CommitBenchmarks
{
    private readonly DataMap _post = DataMap.FromJson(Sample.PostJson);
    private Repository? _repository;
    private RepositoryChange? _change;

    [Params(1_000, 100_000)]
    public int Records { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        var keys = new KeyFactory(Secp256k1.Open());
        ISigner signer = keys.CreateSigner(KeyCurve.Secp256k1, keys.Generate(KeyCurve.Secp256k1));
        MstTree tree = Sample.TreeOf(Records);
        _repository = new Repository(Sample.Did, Commit.Sign(Sample.Did, tree.Root, Tid.Create(1, 0), signer), tree, signer, new TidClock(TimeProvider.System, 7));
        _change = Apply();
    }

    [Benchmark(Baseline = true)]
    public RepositoryChange Apply() => _repository!.Apply([RecordWrite.Create(Sample.PathOf(Records + 1), _post)]);

    [Benchmark]
    public byte[] EncodeFrame() => EventFrame.Encode(new CommitEvent(_change!), 1_000_000, DateTimeOffset.UnixEpoch);
}
