using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pds.Domain.DataModel;
using Pds.Domain.Repositories;
using Pds.Infrastructure.Blobs;
using Pds.Infrastructure.Persistence;
using Pds.IntegrationTests.Accounts;
using Pds.IntegrationTests.Blobs;

namespace Pds.IntegrationTests.Lexicons;

/// <summary>
/// The table of the published methods of records and synchronisation: each is called here, its answer is compared with its lexicon field by field, and each error
/// that the lexicon names is met. A method or an error without a row fails.
/// </summary>
[Category(SharedData.Category)]
internal sealed class PublishedMethodTests : PdsTest
{
    private const string Repo = "com.atproto.repo.";
    private const string Sync = "com.atproto.sync.";
    private const string Collection = "com.example.note";
    private static readonly string s_nowhere = Cid.ForRaw("nowhere"u8).ToString();

    /// <summary>Methods of relays; here they are forwarded like all others.</summary>
    private static readonly HashSet<string> s_ofRelays = [$"{Sync}getHostStatus", $"{Sync}listHosts", $"{Sync}notifyOfUpdate", $"{Sync}requestCrawl"];

    /// <summary>Published errors that this server never answers with.</summary>
    private static readonly Dictionary<(string Method, string Error), string> s_never = new()
    {
        [($"{Sync}getBlob", "RepoSuspended")] = "accounts are taken down, not suspended",
        [($"{Sync}getBlocks", "RepoSuspended")] = "accounts are taken down, not suspended",
        [($"{Sync}getLatestCommit", "RepoSuspended")] = "accounts are taken down, not suspended",
        [($"{Sync}getRecord", "RepoSuspended")] = "accounts are taken down, not suspended",
        [($"{Sync}getRepo", "RepoSuspended")] = "accounts are taken down, not suspended",
        [($"{Sync}listBlobs", "RepoSuspended")] = "accounts are taken down, not suspended",
        [($"{Sync}getRecord", "RecordNotFound")] = "a proof of absence is the answer",
        [($"{Sync}getHead", "HeadNotFound")] = "an unknown repository answers RepoNotFound, as everywhere; every other has a head",
    };

    private AccountClient _alice = null!;
    private AccountClient _deactivated = null!;
    private AccountClient _takendown = null!;
    private string _record = null!;
    private string _blob = null!;
    private string _head = null!;

    private static IEnumerable<string> Methods() =>
        PublishedSchema.MethodsOf("com.atproto.repo").Concat(PublishedSchema.MethodsOf("com.atproto.sync")).Where(method => !s_ofRelays.Contains(method));

    private static IEnumerable<TestCaseData> Errors() =>
        from method in Methods()
        from error in PublishedSchema.ErrorsOf(method)
        where !s_never.ContainsKey((method, error))
        select new TestCaseData(method, error);

    [OneTimeSetUp]
    public async Task FillAsync()
    {
        _alice = await Pds.CreateAccountAsync();
        _deactivated = await Pds.CreateAccountAsync();
        _takendown = await Pds.CreateAccountAsync();
        await _deactivated.PostAsync("com.atproto.server.deactivateAccount", new JsonObject());
        await Pds.TakeDownAsync(_takendown.Did);
        JsonNode blob = await _alice.UploadAsync();
        await _alice.CreateNoteAsync(blob);
        _blob = blob.CidOf().ToString();
        _record = (await _alice.CreateRecordAsync(rkey: "kept"))["cid"]!.GetValue<string>();
        await _alice.CreateRecordAsync(rkey: "again");
        _head = (await _alice.HeadAsync()).ToString();
        long accountId = Pds.Get<AccountIds>().Find(_alice.Did)!.Value;
        await Pds.Get<WriteQueue>().ChangeAsync(transaction =>
        {
            transaction.Part<BlobWriter>().Link(accountId, RecordPath.Parse($"{Collection}/kept"), [new BlobRef(Cid.ForRaw("missing"u8), "text/plain", 7)]);
            return true;
        });
    }

    [OneTimeTearDown]
    public void SignOut()
    {
        _alice.Dispose();
        _deactivated.Dispose();
        _takendown.Dispose();
    }

    [Test]
    public void Methods_WereFound()
    {
        SharedData.Require("lexicons");

        Assert.That(Methods().Count(), Is.GreaterThan(20));
        Assert.That(Errors().Count(), Is.GreaterThan(25));
    }

    [TestCaseSource(nameof(Methods))]
    public async Task Answer_HasTheFieldsOfItsLexicon(string method)
    {
        using HttpResponseMessage response = await SendAsync(_alice.Http, method, await ExampleAsync(method));

        byte[] body = await response.Content.ReadAsByteArrayAsync();
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), Encoding.UTF8.GetString(body));
        switch (PublishedSchema.OutputEncoding(method))
        {
            case "application/json":
                Assert.That(response.Content.Headers.ContentType?.ToString(), Is.EqualTo("application/json; charset=utf-8"));
                Assert.That(PublishedSchema.FaultsOfOutput(method, JsonElement.Parse(body)), Is.Empty, Encoding.UTF8.GetString(body));
                break;
            case null:
                Assert.That(body, Is.Empty);
                break;
            case "*/*":
                Assert.That(body, Is.Not.Empty);
                break;
            case { } encoding:
                Assert.That(response.Content.Headers.ContentType?.ToString(), Is.EqualTo(encoding));
                Assert.That(body, Is.Not.Empty);
                break;
        }
    }

    [TestCaseSource(nameof(Errors))]
    public async Task Error_OfTheLexicon_IsMet(string method, string error)
    {
        using HttpResponseMessage response = await SendAsync(method.StartsWith(Sync, StringComparison.Ordinal) ? Pds.Http : _alice.Http, method, Provoke(method, error));

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, error);
    }

    [TestCaseSource(nameof(Methods))]
    public async Task OtherVerb_IsRefused(string method)
    {
        bool isQuery = PublishedSchema.Definition(method).GetProperty("type").GetString() == "query";

        using HttpResponseMessage response = isQuery ? await _alice.Http.PostXrpcAsync(method, new JsonObject()) : await _alice.Http.GetXrpcAsync(method);

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
    }

    [TestCaseSource(nameof(Methods))]
    public async Task Call_WithoutCredentials_IsRefusedWhereTheyAreNeeded(string method)
    {
        bool isPublic = method.StartsWith(Sync, StringComparison.Ordinal) || method is $"{Repo}getRecord" or $"{Repo}listRecords" or $"{Repo}describeRepo";

        using HttpResponseMessage response = await SendAsync(Pds.Http, method, await ExampleAsync(method));

        if (isPublic)
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        }
        else
        {
            await response.ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "AuthMissing");
        }
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient http, string method, Example example)
    {
        var uri = new Uri($"/xrpc/{method}{example.Query}", UriKind.Relative);
        if (example.Body is not { } body)
        {
            return await http.GetAsync(uri);
        }

        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(example.ContentType);
        return await http.PostAsync(uri, content);
    }

    /// <summary>A call that succeeds.</summary>
    private async Task<Example> ExampleAsync(string method)
    {
        string did = $"?did={_alice.Did}";
        string rkey = Guid.NewGuid().ToString("N");
        JsonObject record = new() { ["$type"] = Collection, ["text"] = rkey };
        return method switch
        {
            $"{Repo}createRecord" => Write(("record", record)),
            $"{Repo}putRecord" => Write(("rkey", "again"), ("record", record)),
            $"{Repo}deleteRecord" => Write(("rkey", await MakeAsync(rkey))),
            $"{Repo}applyWrites" => Apply(Operation("create", rkey, record), Operation("update", "again", record.DeepClone()), Operation("delete", await MakeAsync("x" + rkey), null)),
            $"{Repo}getRecord" => new($"?repo={_alice.Did}&collection={Collection}&rkey=kept"),
            $"{Repo}listRecords" => new($"?repo={_alice.Handle}&collection={Collection}"),
            $"{Repo}describeRepo" => new($"?repo={_alice.Did}"),
            $"{Repo}uploadBlob" => new("", [1, 2, 3], "application/x-test"),
            $"{Repo}listMissingBlobs" => new("?limit=1"),
            $"{Repo}importRepo" => new("", await _alice.Http.GetByteArrayAsync(new Uri($"/xrpc/{Sync}getRepo{did}", UriKind.Relative)), "application/vnd.ipld.car"),
            $"{Sync}getBlob" => new($"{did}&cid={_blob}"),
            $"{Sync}getBlocks" => new($"{did}&cids={_record}"),
            $"{Sync}getRecord" => new($"{did}&collection={Collection}&rkey=kept"),
            $"{Sync}listBlobs" => new($"{did}&limit=1"),
            $"{Sync}listRepos" => new("?limit=3"),
            $"{Sync}listReposByCollection" => new($"?collection={Collection}&limit=1"),
            $"{Sync}getRepo" or $"{Sync}getCheckout" or $"{Sync}getHead" or $"{Sync}getLatestCommit" or $"{Sync}getRepoStatus" => new(did),
            _ => throw new InvalidOperationException($"{method} has no example yet."),
        };
    }

    /// <summary>A call that is refused with that error.</summary>
    private Example Provoke(string method, string error)
    {
        string? did = error switch
        {
            "RepoNotFound" => "did:plc:zzzzzzzzzzzzzzzzzzzzzzzz",
            "RepoDeactivated" => _deactivated.Did.ToString(),
            "RepoTakendown" => _takendown.Did.ToString(),
            "BlobNotFound" or "BlockNotFound" => _alice.Did.ToString(),
            _ => null,
        };
        JsonObject record = new() { ["$type"] = Collection, ["text"] = "swapped" };
        string stale = _record;
        return (method, error) switch
        {
            (Repo + "createRecord", "InvalidSwap") => Write(("record", record), ("swapCommit", stale)),
            (Repo + "putRecord", "InvalidSwap") => Write(("rkey", "kept"), ("record", record), ("swapRecord", _head)),
            (Repo + "deleteRecord", "InvalidSwap") => Write(("rkey", "kept"), ("swapRecord", _head)),
            (Repo + "applyWrites", "InvalidSwap") => Apply(stale, Operation("create", "swapped", record)),
            (Repo + "getRecord", "RecordNotFound") => new($"?repo={_alice.Did}&collection={Collection}&rkey=none"),
            (Sync + "getBlob", _) when did is not null => new($"?did={did}&cid={s_nowhere}"),
            (Sync + "getBlocks", _) when did is not null => new($"?did={did}&cids={s_nowhere}"),
            (Sync + "getRecord", _) when did is not null => new($"?did={did}&collection={Collection}&rkey=k"),
            _ when did is not null => new($"?did={did}"),
            _ => throw new InvalidOperationException($"{error} of {method} is not met yet."),
        };
    }

    private async Task<string> MakeAsync(string rkey)
    {
        await _alice.CreateRecordAsync(rkey: rkey);
        return rkey;
    }

    private Example Write(params (string Name, JsonNode Value)[] members)
    {
        JsonObject input = new() { ["repo"] = _alice.Did.ToString(), ["collection"] = Collection };
        foreach ((string name, JsonNode value) in members)
        {
            input[name] = value;
        }

        return Example.Of(input);
    }

    private Example Apply(params JsonNode[] writes) => Apply(null, writes);

    private Example Apply(string? swapCommit, params JsonNode[] writes)
    {
        JsonObject input = new() { ["repo"] = _alice.Did.ToString(), ["writes"] = new JsonArray(writes) };
        if (swapCommit is not null)
        {
            input["swapCommit"] = swapCommit;
        }

        return Example.Of(input);
    }

    private static JsonObject Operation(string kind, string rkey, JsonNode? value)
    {
        JsonObject operation = new() { ["$type"] = $"{Repo}applyWrites#{kind}", ["collection"] = Collection, ["rkey"] = rkey };
        if (value is not null)
        {
            operation["value"] = value;
        }

        return operation;
    }

    /// <summary>One call: a query string, or a body.</summary>
    private sealed record Example(string Query, byte[]? Body = null, string ContentType = "application/json")
    {
        public static Example Of(JsonObject input) => new("", Encoding.UTF8.GetBytes(input.ToJsonString()));
    }
}
