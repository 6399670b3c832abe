using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Pds.Infrastructure.Persistence;
using Pds.IntegrationTests.Blobs;

namespace Pds.IntegrationTests.Xrpc;

/// <summary>Answers of JSON and archives are compressed for clients that ask for it, and nothing else is.</summary>
internal sealed class CompressionTests : PdsTest
{
    private AccountClient _alice = null!;

    [OneTimeSetUp]
    public async Task CreateAliceAsync()
    {
        _alice = await Pds.CreateAccountAsync();
        for (int i = 0; i < 30; i++)
        {
            await _alice.CreateRecordAsync(record: new JsonObject { ["$type"] = "com.example.note", ["text"] = new string('x', 100) });
        }
    }

    [OneTimeTearDown]
    public void SignAliceOut() => _alice?.Dispose();

    [TestCase("gzip", "gzip")]
    [TestCase("br", "br")]
    [TestCase("gzip, br", "br")]
    [TestCase("gzip;q=1, br;q=0.5, zstd", "gzip")]
    [TestCase("zstd", null)]
    [TestCase("identity", null)]
    [TestCase("gzip;q=0", null)]
    [TestCase("", null)]
    public async Task Json_IsCompressedAsAsked(string accepted, string? expected)
    {
        string path = $"com.atproto.repo.listRecords?repo={_alice.Did}&collection=com.example.note";
        byte[] plain = await (await GetAsync(path, null)).Content.ReadAsByteArrayAsync();

        HttpResponseMessage response = await GetAsync(path, accepted);

        Assert.That(response.Content.Headers.ContentEncoding.SingleOrDefault(), Is.EqualTo(expected));
        Assert.That(await ReadAsync(response), Is.EqualTo(plain));
        Assert.That(response.Headers.Vary, Does.Contain("Accept-Encoding"));
    }

    [TestCase("gzip")]
    [TestCase("br")]
    public async Task Archive_IsCompressedAsAsked(string coding)
    {
        string path = $"com.atproto.sync.getRepo?did={_alice.Did}";
        byte[] plain = await (await GetAsync(path, null)).Content.ReadAsByteArrayAsync();

        HttpResponseMessage response = await GetAsync(path, coding);

        byte[] sent = await response.Content.ReadAsByteArrayAsync();
        Assert.That(response.Content.Headers.ContentEncoding, Is.EqualTo(new[] { coding }));
        Assert.That(response.Content.Headers.ContentType?.MediaType, Is.EqualTo("application/vnd.ipld.car"));
        Assert.That(sent, Has.Length.LessThan(plain.Length));
        Assert.That(await ReadAsync(response), Is.EqualTo(plain));
    }

    // What was compressed until then would be taken for a whole archive, or have an error behind it.
    [Test]
    public async Task Archive_ThatFailsInTheMiddle_EndsTheConnection()
    {
        using AccountClient bob = await Pds.CreateAccountAsync();
        for (int i = 0; i < 3; i++)
        {
            await bob.CreateRecordAsync(record: new JsonObject { ["$type"] = "com.example.note", ["text"] = new string('x', 200_000) });
        }

        await Pds.Get<WriteQueue>().WriteAsync(context => context.Database.ExecuteSql(
            $"DELETE FROM record WHERE path = (SELECT max(path) FROM record WHERE account_id = (SELECT id FROM account WHERE did = {bob.Did.ToString()}))"));

        Assert.That(async () => await GetAsync($"com.atproto.sync.getRepo?did={bob.Did}", "gzip"), Throws.InstanceOf<HttpRequestException>());
    }

    [Test]
    public async Task Json_ThatIsSmall_IsNotCompressed()
    {
        HttpResponseMessage response = await GetAsync($"com.atproto.sync.getLatestCommit?did={_alice.Did}", "gzip, br");

        Assert.That(response.Content.Headers.ContentEncoding, Is.Empty);
        Assert.That(response.Headers.Vary, Does.Contain("Accept-Encoding"));
    }

    [Test]
    public async Task Json_WithoutAcceptEncoding_VariesByIt()
    {
        HttpResponseMessage response = await GetAsync($"com.atproto.sync.getLatestCommit?did={_alice.Did}", null);

        Assert.That(response.Headers.Vary, Does.Contain("Accept-Encoding"));
    }

    // A blob is served byte for byte, whatever its type says.
    [Test]
    public async Task Blob_OfJson_IsNotCompressed()
    {
        byte[] content = Encoding.UTF8.GetBytes($"\"{new string('x', 5000)}\"");
        using ByteArrayContent body = new(content) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        JsonNode uploaded = await (await _alice.Http.PostAsync(new Uri("/xrpc/com.atproto.repo.uploadBlob", UriKind.Relative), body)).ShouldBeJsonAsync();
        await _alice.CreateRecordAsync(record: new JsonObject { ["$type"] = "com.example.note", ["file"] = uploaded["blob"]!.DeepClone() });

        HttpResponseMessage response = await GetAsync($"com.atproto.sync.getBlob?did={_alice.Did}&cid={uploaded["blob"]!["ref"]!["$link"]}", "gzip, br");

        Assert.That(response.Content.Headers.ContentEncoding, Is.Empty);
        Assert.That(await response.Content.ReadAsByteArrayAsync(), Is.EqualTo(content));
    }

    private async Task<HttpResponseMessage> GetAsync(string path, string? accepted)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, $"/xrpc/{path}");
        if (accepted is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept-Encoding", accepted);
        }

        return await Pds.Http.SendAsync(request);
    }

    private static async Task<byte[]> ReadAsync(HttpResponseMessage response)
    {
        MemoryStream sent = new(await response.Content.ReadAsByteArrayAsync());
        await using Stream decoded = response.Content.Headers.ContentEncoding.SingleOrDefault() switch
        {
            "gzip" => new GZipStream(sent, CompressionMode.Decompress),
            "br" => new BrotliStream(sent, CompressionMode.Decompress),
            _ => sent,
        };
        using MemoryStream all = new();
        await decoded.CopyToAsync(all);
        return all.ToArray();
    }
}
