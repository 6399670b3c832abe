using BenchmarkDotNet.Attributes;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories.Mst;

namespace Pds.Benchmarks;

/// <summary>One change of a tree that is in memory, with the hashing of the new nodes.</summary>
[MemoryDiagnoser]
public class TreeBenchmarks
{
    private MstTree _tree = MstTree.Empty;
    private string _newest = "";
    private string _random = "";
    private string _existing = "";
    private Cid _value;

    [Params(1_000, 100_000)]
    public int Records { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _tree = Sample.TreeOf(Records);
        _newest = Sample.PathOf(Records + 1).ToString();
        _random = Sample.PathOf(Records / 2) + "x";
        _existing = Sample.PathOf(Records / 3).ToString();
        _value = Cid.ForDagCbor([0xa0]);
    }

    [Benchmark(Baseline = true)]
    public object AppendAndSeal() => _tree.Insert(_newest, _value).Seal(Tid.Create(2, 0));

    [Benchmark]
    public object InsertInTheMiddleAndSeal() => _tree.Insert(_random, _value).Seal(Tid.Create(2, 0));

    [Benchmark]
    public object UpdateAndSeal() => _tree.Update(_existing, _value).Seal(Tid.Create(2, 0));

    [Benchmark]
    public object RemoveAndSeal() => _tree.Remove(_existing).Seal(Tid.Create(2, 0));

    [Benchmark]
    public object Proof() => _tree.Proof(_existing);
}
