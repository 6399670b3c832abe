using System.Buffers;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Pds.Api.Xrpc;
using Pds.Application.Repositories;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;

namespace Pds.Benchmarks;

/// <summary>The answer to a listRecords of 100 posts, from stored bytes to JSON.</summary>
[MemoryDiagnoser]
public class ListRecordsBenchmarks
{
    private readonly ArrayBufferWriter<byte> _output = new(128 * 1024);
    private ListRecordsOutput? _page;

    [GlobalSetup]
    public void SetUp()
    {
        DataMap post = DataMap.FromJson(Sample.PostJson);
        List<ListedRecord> records = [];
        for (int i = 0; i < 100; i++)
        {
            RecordPath path = Sample.PathOf(i);
            records.Add(new ListedRecord(new AtUri(Sample.Did, path.Collection, path.Key), post.Cid, post));
        }

        _page = new ListRecordsOutput("cursor", records);
    }

    [Benchmark]
    public int Json()
    {
        _output.ResetWrittenCount();
        using var writer = new Utf8JsonWriter(_output);
        JsonSerializer.Serialize(writer, _page, XrpcJson.Options);
        return _output.WrittenCount;
    }
}
