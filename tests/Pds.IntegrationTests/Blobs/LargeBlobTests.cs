using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace Pds.IntegrationTests.Blobs;

internal sealed class LargeBlobTests : PdsTest
{
    private const int Megabyte = 1024 * 1024;
    private const int Size = 50 * Megabyte;

    [Test]
    public async Task UploadAndGet_WhenTheBlobIsLarge_UseMemoryThatDoesNotDependOnItsSize()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        await TransferAsync(alice, Megabyte);    // whatever is made on first use

        long before = GC.GetTotalAllocatedBytes(precise: true);
        await TransferAsync(alice, Size);
        long allocated = GC.GetTotalAllocatedBytes(precise: true) - before;

        TestContext.Out.WriteLine($"{allocated / 1024} KB allocated for {Size / 1024} KB up and down, client included");
        Assert.That(allocated, Is.LessThan(Size / 3));
    }

    protected override Task<PdsApplication> StartAsync() =>
        PdsApplication.StartAsync(new Dictionary<string, string?> { ["PDS_BLOB_UPLOAD_LIMIT"] = "104857600" });

    private async Task TransferAsync(AccountClient alice, int size)
    {
        using var content = new StreamContent(new Pattern(size), 64 * 1024);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-test");
        JsonNode blob = (await (await alice.TryUploadAsync(content, "application/x-test")).ShouldBeJsonAsync())["blob"]!;
        await alice.CreateNoteAsync(blob);

        var request = new HttpRequestMessage(HttpMethod.Get, $"/xrpc/com.atproto.sync.getBlob?did={alice.Did}&cid={blob.CidOf()}");
        using HttpResponseMessage response = await Pds.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await using Stream stream = await response.Content.ReadAsStreamAsync();
        byte[] buffer = new byte[64 * 1024];
        long total = 0;
        int count;
        while ((count = await stream.ReadAsync(buffer)) > 0)
        {
            total += count;
        }

        Assert.That(total, Is.EqualTo(size));
    }

    /// <summary>Bytes made as they are read.</summary>
    private sealed class Pattern(int length) : MemoryStream([])
    {
        private int _left = length;

        public override bool CanSeek => false;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            int count = Math.Min(_left, buffer.Length);
            buffer.Span[..count].Fill((byte)(_left >> 16));
            _left -= count;
            return new(count);
        }

        public override async Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken)
        {
            byte[] buffer = new byte[bufferSize];
            int count;
            while ((count = await ReadAsync(buffer, cancellationToken)) > 0)
            {
                await destination.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
            }
        }
    }
}
