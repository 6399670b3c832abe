using BenchmarkDotNet.Attributes;
using Pds.Application.Sync;
using Pds.Domain.Identifiers;
using Pds.Domain.Sync;
using Pds.Infrastructure.Sync;

namespace Pds.Benchmarks;

/// <summary>An event on its way from the log to all who wait for it, without their sockets. Figures are those of one frame to one subscriber.</summary>
[MemoryDiagnoser]
public class DeliveryBenchmarks
{
    private const int Subscribers = 500;
    private const int PageBytes = 256 * 1024;

    private readonly EventLog _log = new(readers: null!);       // nothing is read that is not in memory
    private readonly CancellationTokenSource _end = new();
    private readonly SemaphoreSlim _delivered = new(0);
    private readonly byte[] _body = EventBody.Encode(new IdentityEvent(Did.Parse("did:plc:aaaaaaaaaaaaaaaaaaaaaaaa"), Handle.Parse("alice.example.com")));
    private int _missing;
    private long _seq;

    [GlobalSetup]
    public void SetUp()
    {
        for (int i = 0; i < Subscribers; i++)
        {
            _ = FollowAsync();
        }
    }

    [GlobalCleanup]
    public void CleanUp() => _end.Cancel();

    [Benchmark(OperationsPerInvoke = Subscribers)]
    public void Deliver()
    {
        _missing = Subscribers;
        _log.Publish([new Event(++_seq, 1, 1, _body)]);
        _delivered.Wait();
    }

    private async Task FollowAsync()
    {
        long sent = 0;
        while (true)
        {
            IReadOnlyList<SequencedFrame> page = (await _log.ReadAsync(sent, PageBytes, _end.Token)).Frames;
            for (int i = 0; i < page.Count; i++)
            {
                sent = page[i].Seq;
                if (Interlocked.Decrement(ref _missing) == 0)
                {
                    _delivered.Release();
                }
            }

            await _log.WaitAsync(sent, _end.Token);
        }
    }
}
