using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Pds.Domain.DataModel;

namespace Pds.IntegrationTests.Blobs;

/// <summary>What tests of blobs ask of a server, and where they look behind its back.</summary>
internal static class BlobRequests
{
    public static readonly byte[] Png = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 0x0D];

    public static async Task<HttpResponseMessage> TryUploadAsync(this AccountClient account, HttpContent content, string? contentType = "text/plain")
    {
        content.Headers.ContentType = contentType is null ? null : MediaTypeHeaderValue.Parse(contentType);
        return await account.Http.PostAsync(new Uri("/xrpc/com.atproto.repo.uploadBlob", UriKind.Relative), content);
    }

    public static Task<HttpResponseMessage> TryUploadAsync(this AccountClient account, byte[] bytes, string? contentType = "text/plain") =>
        account.TryUploadAsync(new ByteArrayContent(bytes), contentType);

    /// <summary>Uploads and gives the reference to be put into a record.</summary>
    public static async Task<JsonNode> UploadAsync(this AccountClient account, byte[] bytes, string contentType = "text/plain") =>
        (await (await account.TryUploadAsync(bytes, contentType)).ShouldBeJsonAsync())["blob"]!;

    /// <summary>A blob of its own content.</summary>
    public static Task<JsonNode> UploadAsync(this AccountClient account) => account.UploadAsync(Guid.NewGuid().ToByteArray(), "application/x-test");

    public static Cid CidOf(this JsonNode blob) => Cid.Parse(blob["ref"]!["$link"]!.GetValue<string>());

    public static JsonObject Note(params JsonNode[] blobs) =>
        new() { ["$type"] = "com.example.note", ["files"] = new JsonArray([.. blobs.Select(blob => blob.DeepClone())]) };

    public static async Task<string> CreateNoteAsync(this AccountClient account, params JsonNode[] blobs) =>
        (await account.CreateRecordAsync(record: Note(blobs)))["uri"]!.GetValue<string>().Split('/')[^1];

    public static Task<HttpResponseMessage> TryCreateNoteAsync(this AccountClient account, params JsonNode[] blobs) =>
        account.PostAsync("com.atproto.repo.createRecord", new JsonObject
        {
            ["repo"] = account.Did.ToString(),
            ["collection"] = "com.example.note",
            ["record"] = Note(blobs),
        });

    public static Task<HttpResponseMessage> PutNoteAsync(this AccountClient account, string rkey, params JsonNode[] blobs) =>
        account.PostAsync("com.atproto.repo.putRecord", new JsonObject
        {
            ["repo"] = account.Did.ToString(),
            ["collection"] = "com.example.note",
            ["rkey"] = rkey,
            ["record"] = Note(blobs),
        });

    public static Task<HttpResponseMessage> DeleteNoteAsync(this AccountClient account, string rkey) =>
        account.PostAsync("com.atproto.repo.deleteRecord", new JsonObject
        {
            ["repo"] = account.Did.ToString(),
            ["collection"] = "com.example.note",
            ["rkey"] = rkey,
        });

    public static Task<HttpResponseMessage> GetBlobAsync(this HttpClient http, AccountClient owner, Cid cid, Action<HttpRequestMessage>? configure = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"/xrpc/com.atproto.sync.getBlob?did={Uri.EscapeDataString(owner.Did.ToString())}&cid={cid}");
        configure?.Invoke(request);
        return http.SendAsync(request);
    }

    public static async Task<string[]> ListBlobsAsync(this AccountClient account, params (string, object?)[] parameters) =>
        [.. (await (await account.GetAsync("com.atproto.sync.listBlobs", [("did", account.Did), .. parameters])).ShouldBeJsonAsync())["cids"]!
            .AsArray().Select(cid => cid!.GetValue<string>())];

    /// <summary>Whether the permanent file of a blob is there.</summary>
    public static bool HasFile(this PdsApplication pds, AccountClient owner, Cid cid) => File.Exists(pds.FileOf(owner, cid));

    public static string FileOf(this PdsApplication pds, AccountClient owner, Cid cid) => Path.Combine(pds.Options.Storage.BlobPath, owner.Did.ToString(), cid.ToString());

    /// <summary>The temporary files of an account.</summary>
    public static string[] TemporaryFiles(this PdsApplication pds, AccountClient owner)
    {
        string directory = Path.Combine(pds.Options.Storage.BlobTempPath, owner.Did.ToString());
        return Directory.Exists(directory) ? Directory.GetFiles(directory) : [];
    }

    /// <summary>Waits until something that happens in the background has happened.</summary>
    public static async Task EventuallyAsync(Func<bool> condition)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (!condition())
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    public static T Get<T>(this PdsApplication pds)
        where T : notnull => pds.Services.GetRequiredService<T>();
}
