using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;

namespace Pds.IntegrationTests;

/// <summary>Somebody signed in.</summary>
internal sealed class AccountClient : IDisposable
{
    public AccountClient(PdsApplication pds, JsonNode session)
    {
        Did = Did.Parse(session["did"]!.GetValue<string>());
        Handle = Handle.Parse(session["handle"]!.GetValue<string>());
        AccessJwt = session["accessJwt"]!.GetValue<string>();
        RefreshJwt = session["refreshJwt"]!.GetValue<string>();
        Http = pds.CreateClient();
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", AccessJwt);
    }

    public Did Did { get; }

    public Handle Handle { get; }

    public string AccessJwt { get; }

    public string RefreshJwt { get; }

    /// <summary>Sends the access token with every request.</summary>
    public HttpClient Http { get; }

    public Task<HttpResponseMessage> GetAsync(string method, params (string Name, object? Value)[] parameters) => Http.GetXrpcAsync(method, parameters);

    public Task<HttpResponseMessage> PostAsync(string method, JsonNode? input = null) => Http.PostXrpcAsync(method, input);

    /// <summary>Writes a record and gives the answer of the server.</summary>
    public async Task<JsonNode> CreateRecordAsync(string collection = "com.example.note", JsonObject? record = null, string? rkey = null)
    {
        JsonObject input = new() { ["repo"] = Did.ToString(), ["collection"] = collection, ["record"] = record ?? new JsonObject { ["$type"] = collection, ["text"] = "hello" } };
        if (rkey is not null)
        {
            input["rkey"] = rkey;
        }

        return await (await PostAsync("com.atproto.repo.createRecord", input)).ShouldBeJsonAsync();
    }

    /// <summary>The head of the repository.</summary>
    public async Task<Cid> HeadAsync()
    {
        JsonNode commit = await (await GetAsync("com.atproto.sync.getLatestCommit", ("did", Did))).ShouldBeJsonAsync();
        return Cid.Parse(commit["cid"]!.GetValue<string>());
    }

    public void Dispose() => Http.Dispose();
}
