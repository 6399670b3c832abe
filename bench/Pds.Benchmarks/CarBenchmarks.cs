using System.Buffers;
using BenchmarkDotNet.Attributes;
using Pds.Domain.DataModel;
using Pds.Domain.Repositories.Car;
using Pds.Domain.Repositories.Mst;

namespace Pds.Benchmarks;

/// <summary>A whole tree as a CAR, written and read back with every hash checked.</summary>
[MemoryDiagnoser]
public class CarBenchmarks
{
    private const int Records = 10_000;

    private readonly ArrayBufferWriter<byte> _output = new(8 * 1024 * 1024);
    private MstTree _tree = MstTree.Empty;
    private byte[] _car = [];

    [GlobalSetup]
    public void SetUp()
    {
        _tree = Sample.TreeOf(Records);
        Write();
        _car = _output.WrittenSpan.ToArray();
    }

    [Benchmark]
    public int Write()
    {
        _output.ResetWrittenCount();
        CarWriter.WriteHeader(_output, [_tree.Root]);
        foreach (MstStep step in _tree.WalkPreOrder())
        {
            if (step.Node is { } node)
            {
                CarWriter.WriteBlock(_output, node.Cid, node.Bytes.Span);
            }
        }

        return _output.WrittenCount;
    }

    [Benchmark]
    public int Read()
    {
        (_, IReadOnlyDictionary<Cid, ReadOnlyMemory<byte>> blocks) = CarReader.ReadAll(_car);
        return blocks.Count;
    }
}
