using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Pds.Domain.Identifiers;

namespace Pds.IntegrationTests.Repositories;

/// <summary>An account and what it asks of the server.</summary>
internal sealed class RepoClient(RepoServer server, Did did, Handle handle, string accessJwt)
{
    public const string Collection = "com.example.thing";

    public Did Did => did;

    public Handle Handle => handle;

    public string Uri(string rkey, string collection = Collection) => $"at://{did}/{collection}/{rkey}";

    public Task<HttpResponseMessage> PostAsync(string method, object input) => PostAsync(method, JsonSerializer.Serialize(input));

    public Task<HttpResponseMessage> PostAsync(string method, string json) => PostAsync(method, Encoding.UTF8.GetBytes(json));

    public async Task<HttpResponseMessage> PostAsync(string method, byte[] body, string contentType = "application/json")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/xrpc/{method}") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", accessJwt);
        return await server.Http.SendAsync(request);
    }

    public Task<HttpResponseMessage> GetAsync(string query) => server.GetAsync(query, accessJwt);

    public async Task<JsonElement> CreateAsync(object record, string? rkey = null, string collection = Collection, string? swapCommit = null, bool? validate = null) =>
        await (await TryCreateAsync(record, rkey, collection, swapCommit, validate)).ShouldAnswerAsync();

    public Task<HttpResponseMessage> TryCreateAsync(object record, string? rkey = null, string collection = Collection, string? swapCommit = null, bool? validate = null) =>
        PostAsync("com.atproto.repo.createRecord", Input(("repo", did.ToString()), ("collection", collection), ("rkey", rkey), ("record", record), ("swapCommit", swapCommit), ("validate", validate)));

    public Task<HttpResponseMessage> PutAsync(object record, string rkey, string collection = Collection, string? swapCommit = null) =>
        PostAsync("com.atproto.repo.putRecord", Input(("repo", did.ToString()), ("collection", collection), ("rkey", rkey), ("record", record), ("swapCommit", swapCommit)));

    public Task<HttpResponseMessage> PutSwappingAsync(object record, string rkey, string? swapRecord) =>
        PostAsync("com.atproto.repo.putRecord", new Dictionary<string, object?>
        {
            ["repo"] = did.ToString(),
            ["collection"] = Collection,
            ["rkey"] = rkey,
            ["record"] = record,
            ["swapRecord"] = swapRecord,
        });

    public Task<HttpResponseMessage> DeleteAsync(string rkey, string collection = Collection, string? swapRecord = null, string? swapCommit = null) =>
        PostAsync("com.atproto.repo.deleteRecord", Input(("repo", did.ToString()), ("collection", collection), ("rkey", rkey), ("swapRecord", swapRecord), ("swapCommit", swapCommit)));

    public Task<HttpResponseMessage> ApplyAsync(params object[] writes) =>
        PostAsync("com.atproto.repo.applyWrites", Input(("repo", did.ToString()), ("writes", writes)));

    public static object Create(string? rkey, object value) =>
        Input(("$type", "com.atproto.repo.applyWrites#create"), ("collection", Collection), ("rkey", rkey), ("value", value));

    public static object Update(string rkey, object value) =>
        Input(("$type", "com.atproto.repo.applyWrites#update"), ("collection", Collection), ("rkey", rkey), ("value", value));

    public static object Delete(string rkey) =>
        Input(("$type", "com.atproto.repo.applyWrites#delete"), ("collection", Collection), ("rkey", rkey));

    public async Task<JsonElement> HeadAsync() => await (await server.GetAsync($"com.atproto.sync.getLatestCommit?did={did}")).ShouldAnswerAsync();

    /// <summary>A body without the members that are null.</summary>
    private static Dictionary<string, object> Input(params (string Name, object? Value)[] members) =>
        members.Where(member => member.Value is not null).ToDictionary(member => member.Name, member => member.Value!);
}

/// <summary>What answers must be.</summary>
internal static class Answers
{
    /// <summary>Asserts 200 and JSON.</summary>
    public static async Task<JsonElement> ShouldAnswerAsync(this HttpResponseMessage response)
    {
        string body = await response.Content.ReadAsStringAsync();
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), body);
        Assert.That(response.Content.Headers.ContentType?.ToString(), Is.EqualTo("application/json; charset=utf-8"));
        return JsonElement.Parse(body);
    }

    public static async Task<byte[]> ShouldBeCarAsync(this HttpResponseMessage response)
    {
        byte[] body = await response.Content.ReadAsByteArrayAsync();
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), Encoding.UTF8.GetString(body));
        Assert.That(response.Content.Headers.ContentType?.ToString(), Is.EqualTo("application/vnd.ipld.car"));
        return body;
    }

    public static async Task ShouldBeXrpcErrorAsync(this HttpResponseMessage response, HttpStatusCode status, string error, string? message = null)
    {
        string body = await response.Content.ReadAsStringAsync();
        Assert.That(response.StatusCode, Is.EqualTo(status), body);
        JsonElement json = JsonElement.Parse(body);
        Assert.That(json.Text("error"), Is.EqualTo(error), body);
        if (message is not null)
        {
            Assert.That(json.Text("message"), Is.EqualTo(message));
        }
    }

    /// <summary>The text at a path such as <c>commit.cid</c>; <see langword="null"/> when it is not there.</summary>
    public static string? Text(this JsonElement json, string path)
    {
        foreach (string name in path.Split('.'))
        {
            if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty(name, out json))
            {
                return null;
            }
        }

        return json.ValueKind == JsonValueKind.String ? json.GetString() : json.GetRawText().ToString(CultureInfo.InvariantCulture);
    }

    public static string[] Names(this JsonElement json) => [.. json.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal)];
}
