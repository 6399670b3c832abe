using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text.Json.Nodes;

namespace Pds.IntegrationTests.Sync;

internal sealed class StreamMetricsTests : PdsTest
{
    [Test]
    public async Task Streams_AreMeasured()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        var sums = new ConcurrentDictionary<string, long>(StringComparer.Ordinal);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using MeterListener listener = new();
        listener.InstrumentPublished = (instrument, at) =>
        {
            if (instrument.Name.StartsWith("pds.stream.", StringComparison.Ordinal))
            {
                at.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            if (Tag(tags) is "firehose")
            {
                sums.AddOrUpdate(instrument.Name, value, (_, sum) => sum + value);
                if (instrument.Name == "pds.stream.subscribers" && value < 0)
                {
                    ended.TrySetResult();
                }
            }
        });
        listener.Start();

        long open;
        await using (FirehoseClient firehose = await FirehoseClient.OpenAsync(Pds.Origin, ""))
        {
            JsonNode record = await alice.CreateRecordAsync();
            await firehose.WaitForCommitsAsync(alice.Did.ToString(), 1);
            open = sums["pds.stream.subscribers"];
            Assert.That(record["commit"], Is.Not.Null);
        }

        await ended.Task.WaitAsync(TimeSpan.FromSeconds(30));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(open, Is.EqualTo(1));
            Assert.That(sums["pds.stream.subscribers"], Is.Zero);
            Assert.That(sums["pds.stream.frames"], Is.EqualTo(1));
            Assert.That(sums["pds.stream.bytes"], Is.GreaterThan(300));
        }
    }

    private static string? Tag(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (KeyValuePair<string, object?> tag in tags)
        {
            if (tag.Key == "pds.stream")
            {
                return (string?)tag.Value;
            }
        }

        return null;
    }
}
