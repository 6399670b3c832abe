using System.Buffers;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Pds.Domain.DataModel;

namespace Pds.Benchmarks;

/// <summary>A post on its way in (JSON to DAG-CBOR) and out.</summary>
[MemoryDiagnoser]
public class CodecBenchmarks
{
    private readonly DataMap _post = DataMap.FromJson(Sample.PostJson);
    private readonly ArrayBufferWriter<byte> _output = new(4096);

    [Benchmark]
    public object JsonToCbor() => DataMap.FromJson(Sample.PostJson);

    [Benchmark]
    public object ValidateCbor() => DataMap.FromCbor(_post.Cbor);

    [Benchmark]
    public int CborToJson()
    {
        _output.ResetWrittenCount();
        using var writer = new Utf8JsonWriter(_output);
        DataJson.Write(writer, _post.Cbor.Span);
        writer.Flush();
        return _output.WrittenCount;
    }

    [Benchmark]
    public int HashToCid() => Cid.ForDagCbor(_post.Cbor.Span).GetHashCode();
}
