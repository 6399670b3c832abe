using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Pds.IntegrationTests.Blobs;
using Pds.IntegrationTests.Proxying;

namespace Pds.IntegrationTests.Accounts;

/// <summary>Holds <see cref="AccessTable"/> against a server: every method by every kind of credential and every scope.</summary>
internal sealed class AccessTableTests : PdsTest
{
    private StubAppView _view = null!;
    private AccessCredentials _credentials = null!;
    private string? _nonce;
    private int _count;

    [OneTimeSetUp]
    public async Task MakeCredentialsAsync()
    {
        _credentials = new AccessCredentials(Pds, _view.Did);
        await _credentials.StartAsync();
    }

    [OneTimeTearDown]
    public async Task StopAppViewAsync()
    {
        await _credentials.DisposeAsync();
        await _view.DisposeAsync();
    }

    [TestCaseSource(typeof(AccessTable), nameof(AccessTable.Rows))]
    public async Task Method_ByEveryCredential_AnswersAsTheTableSays(AccessRow row)
    {
        List<string> found = [];
        List<string> expected = [];

        foreach (string kind in AccessTable.Kinds)
        {
            string cell = row.Cells[kind];
            Credential credential = await _credentials.OfAsync(kind, row, isNew: row.IsSpent && cell == row.Answer);
            expected.Add($"{kind}: {cell}");
            found.Add($"{kind}: {await AnswerOfAsync(row, credential)}");
        }

        foreach (string scope in AccessCredentials.Scopes)
        {
            string cell = AccessTable.ExpectedOf(row, scope);
            Credential credential = await _credentials.WithScopeAsync(scope, row, isNew: row.IsSpent && cell == row.Answer);
            expected.Add($"{scope}: {cell}");
            found.Add($"{scope}: {await AnswerOfAsync(row, credential)}");
        }

        await TestContext.Out.WriteLineAsync($"{row,-52} {string.Join(" · ", found)}");
        Assert.That(found, Is.EqualTo(expected));
    }

    /// <summary>Who adds a method adds a row.</summary>
    [Test]
    public async Task Table_NamesEveryMethodOfTheServer()
    {
        string[] served = [.. Pds.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Select(endpoint => endpoint.RoutePattern.RawText!.TrimStart('/'))
            .Where(path => path.StartsWith("xrpc/", StringComparison.Ordinal) && !path.Contains('{', StringComparison.Ordinal))
            .Select(path => path["xrpc/".Length..])
            .Where(name => name != "_health")
            .Distinct()];
        string[] named = [.. AccessTable.Rows.Select(row => row.Method).Distinct()];

        int columns = AccessTable.Kinds.Length + AccessCredentials.Scopes.Count();
        await TestContext.Out.WriteLineAsync($"{named.Length} methods in {AccessTable.Rows.Count} rows × {columns} credentials = {AccessTable.Rows.Count * columns} cells; missing: {served.Except(named).Count()}");
        Assert.That(served, Has.Length.GreaterThan(70));
        Assert.That(served.Except(named), Is.Empty);
    }

    /// <summary>A scope that no method asks for, or a code that no cell has, would be a column that says nothing.</summary>
    [Test]
    public void Table_HasARowForEveryScopeThatGrants()
    {
        string[] granting = [.. AccessTable.Rows.SelectMany(row => row.OAuth.Split(',')).Distinct()];
        string[] never = ["atproto", "email", "chatAlone", "repo:update", "repo:other", "blob:video", "account:email", "account:repo", "account:status", "rpc/otherService", "rpc/otherMethod"];

        Assert.That(AccessCredentials.Scopes.Except(never), Is.SubsetOf(granting));
    }

    [TestCaseSource(typeof(AccessTable), nameof(AccessTable.Rows))]
    public async Task Method_WithAnotherVerb_IsRefused(AccessRow row)
    {
        if (row.Method is "com.example.unknown.query" or "chat.bsky.convo.getLog" or "_resetAccountFactors")
        {
            return;    // an unknown method, whatever the verb
        }

        HttpMethod other = row.Verb == HttpMethod.Get ? HttpMethod.Post : HttpMethod.Get;

        HttpResponseMessage response = await Pds.Http.SendAsync(new HttpRequestMessage(other, $"/xrpc/{row.Method}"));

        JsonNode body = await response.ShouldBeXrpcErrorAsync(System.Net.HttpStatusCode.BadRequest, "InvalidRequest");
        Assert.That((string?)body["message"], Does.Contain(row.Verb.Method));
    }

    /// <summary>Lexicons may grow: what a server does not know is not its business.</summary>
    [TestCaseSource(typeof(AccessTable), nameof(AccessTable.Rows))]
    public async Task Method_WithMoreThanItKnows_IgnoresIt(AccessRow row)
    {
        string kind = AccessTable.Kinds.First(kind => row.Cells[kind] == row.Answer);

        string answer = await AnswerOfAsync(row, await _credentials.OfAsync(kind, row, row.IsSpent), hasMore: true);

        Assert.That(answer, Is.EqualTo(row.Answer));
    }

    protected override async Task<PdsApplication> StartAsync()
    {
        _view = await StubAppView.StartAsync();
        PdsApplication pds = await PdsApplication.StartAsync(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["PDS_BSKY_APP_VIEW_URL"] = _view.Url.ToString(),
            ["PDS_BSKY_APP_VIEW_DID"] = _view.Did,
            ["PDS_REPORT_SERVICE_URL"] = _view.Url.ToString(),
            ["PDS_REPORT_SERVICE_DID"] = "did:web:reports.example.com",
            ["LOG_ENABLED"] = "false",
        });
        _view.Pds = pds;
        return pds;
    }

    /// <summary>Status, and the name of the error if there is one.</summary>
    private async Task<string> AnswerOfAsync(AccessRow row, Credential credential, bool hasMore = false)
    {
        using HttpResponseMessage first = await SendAsync(row, credential, hasMore);
        string answer = await ReadAsync(first);
        if (answer != "401 use_dpop_nonce")
        {
            return answer;
        }

        using HttpResponseMessage second = await SendAsync(row, credential, hasMore);
        return await ReadAsync(second);
    }

    private static async Task<string> ReadAsync(HttpResponseMessage response)
    {
        int status = (int)response.StatusCode;
        return status < 400 ? $"{status}" : $"{status} {JsonNode.Parse(await response.Content.ReadAsStringAsync())?["error"]}";
    }

    private async Task<HttpResponseMessage> SendAsync(AccessRow row, Credential credential, bool hasMore)
    {
        string Fill(string text) => text
            .Replace("{did}", credential.Did, StringComparison.Ordinal)
            .Replace("{owner}", _credentials.Owner.Did.ToString(), StringComparison.Ordinal)
            .Replace("{view}", _view.Did, StringComparison.Ordinal)
            .Replace("{n}", $"{++_count}", StringComparison.Ordinal);
        string query = row.Input?.StartsWith('?') is true ? Fill(row.Input) : "";
        query += hasMore && row.Verb == HttpMethod.Get ? $"{(query.Length == 0 ? "?" : "&")}somethingNew=1" : "";
        using HttpRequestMessage request = new(row.Verb, $"/xrpc/{row.Method}{query}") { Content = ContentOf(row, Fill, hasMore) };
        request.Headers.Authorization = credential.Header;
        if (credential.Scheme == "DPoP")
        {
            request.Headers.Add("DPoP", _credentials.Prove(row.Verb.Method, $"{Pds.Options.Server.PublicOrigin}/xrpc/{row.Method}", _nonce, credential.Value));
        }

        HttpResponseMessage response = await Pds.Http.SendAsync(request);
        _nonce = response.Headers.TryGetValues("DPoP-Nonce", out IEnumerable<string>? nonces) ? nonces.Single() : _nonce;
        return response;
    }

    private static HttpContent? ContentOf(AccessRow row, Func<string, string> fill, bool hasMore)
    {
        if (row.Json(fill) is { } json)
        {
            if (hasMore)
            {
                json.Add("somethingNew", new JsonObject { ["a"] = new JsonArray(1, "b") });
            }

            return new StringContent(json.ToJsonString(), Encoding.UTF8, "application/json");
        }

        return row.Verb == HttpMethod.Post && row.Input is { } mediaType
            ? new ByteArrayContent(BlobRequests.Png) { Headers = { ContentType = new MediaTypeHeaderValue(mediaType) } }
            : null;
    }
}
