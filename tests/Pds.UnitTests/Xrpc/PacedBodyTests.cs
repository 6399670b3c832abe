using Pds.Api.Xrpc;
using Pds.Application.Capacity;
using Pds.Domain.Errors;
using Pds.UnitTests.Fakes;

namespace Pds.UnitTests.Xrpc;

/// <summary>Bodies must come at a least pace, by the clock that the server goes by.</summary>
internal sealed class PacedBodyTests
{
    private readonly ManualTime _time = new();

    [Test]
    public async Task Read_OfABodyThatDrips_EndsAfterAWindow()
    {
        await using PacedBody body = new(new DrippingStream(_time, Pace.Window / 3), bytesPerSecond: 1, _time, CancellationToken.None);
        byte[] buffer = new byte[16];
        int read = await body.ReadAtLeastAsync(buffer, 2);

        XrpcException? refusal = Assert.ThrowsAsync<XrpcException>(async () => await body.ReadExactlyAsync(buffer.AsMemory(0, 1)));

        Assert.That(read, Is.EqualTo(2));
        Assert.That(refusal!.Error, Is.EqualTo(RequestErrors.RequestTimeout));
    }

    [Test]
    public async Task Read_WhenTheReaderStopsWaiting_EndsWithoutBlamingTheSender()
    {
        await using PacedBody body = new(new System.IO.Pipelines.Pipe().Reader.AsStream(), bytesPerSecond: 1, _time, CancellationToken.None);
        using var asked = new CancellationTokenSource();
        Task<int> reading = body.ReadAsync(new byte[1], asked.Token).AsTask();

        await asked.CancelAsync();

        Assert.CatchAsync<OperationCanceledException>(() => reading);
    }

    [TestCase(0)]
    [TestCase(1)]
    public async Task Read_OfABodyThatKeepsPace_GoesOn(int bytesPerSecond)
    {
        await using PacedBody body = new(new DrippingStream(_time, TimeSpan.FromSeconds(0.5)), bytesPerSecond, _time, CancellationToken.None);
        byte[] buffer = new byte[16];
        int read = 0;

        for (int i = 0; i < 200; i++)
        {
            read += await body.ReadAsync(buffer);
        }

        Assert.That(read, Is.EqualTo(200));
    }

    [Test]
    public void Left_BetweenWaits_CountsNoTimeOfOurs()
    {
        Pace pace = new(bytesPerSecond: 100);

        pace.Add(10, TimeSpan.FromSeconds(1));

        Assert.That(pace.Left, Is.EqualTo(Pace.Window - TimeSpan.FromSeconds(1)));
    }

    [Test]
    public void Read_WhenTheClientIsGone_IsCancelled()
    {
        using CancellationTokenSource client = new();
        using PacedBody body = new(new DrippingStream(_time, TimeSpan.FromSeconds(1)), bytesPerSecond: 1, _time, client.Token);
        client.Cancel();

        Assert.That(async () => await body.ReadAsync(new byte[1]), Throws.InstanceOf<OperationCanceledException>());
    }
}
