using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Pds.IntegrationTests.Accounts;
using Pds.IntegrationTests.Blobs;

namespace Pds.IntegrationTests.Moderation;

internal sealed class SubjectTests : PdsTest
{
    private const string Admin = "com.atproto.admin.";
    private const string Collection = "com.example.note";

    [Test]
    public async Task TakedownOfARecord_HidesItFromReadersUntilItIsLifted()
    {
        AccountClient alice = await Pds.CreateAccountAsync();
        JsonNode hidden = await alice.CreateRecordAsync(rkey: "hidden");
        await alice.CreateRecordAsync(rkey: "shown");
        JsonObject subject = new() { ["$type"] = "com.atproto.repo.strongRef", ["uri"] = (string?)hidden["uri"], ["cid"] = (string?)hidden["cid"] };

        JsonNode answer = await (await UpdateAsync(subject, new JsonObject { ["applied"] = true, ["ref"] = "r1" })).ShouldBeJsonAsync();

        HttpResponseMessage read = await Pds.Http.GetXrpcAsync("com.atproto.repo.getRecord", ("repo", alice.Did), ("collection", Collection), ("rkey", "hidden"));
        JsonNode list = await (await Pds.Http.GetXrpcAsync("com.atproto.repo.listRecords", ("repo", alice.Did), ("collection", Collection))).ShouldBeJsonAsync();
        JsonNode status = await (await StatusAsync(("uri", hidden["uri"]))).ShouldBeJsonAsync();
        await read.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "RecordNotFound");
        using (Assert.EnterMultipleScope())
        {
            Assert.That((string?)answer["takedown"]!["ref"], Is.EqualTo("r1"));
            Assert.That(list["records"]!.AsArray().Select(record => (string?)record!["uri"]), Is.EqualTo([$"at://{alice.Did}/{Collection}/shown"]));
            Assert.That((bool?)status["takedown"]!["applied"], Is.True);
            Assert.That((string?)status["subject"]!["cid"], Is.EqualTo((string?)hidden["cid"]));
            Assert.That(status["deactivated"], Is.Null);
        }

        await (await UpdateAsync(subject, new JsonObject { ["applied"] = false })).ShouldBeJsonAsync();
        await (await Pds.Http.GetXrpcAsync("com.atproto.repo.getRecord", ("repo", alice.Did), ("collection", Collection), ("rkey", "hidden"))).ShouldBeJsonAsync();
    }

    [TestCase("""{"did":"did:web:a.example.com"}""", "subject must have a $type")]
    [TestCase("""{"$type":"com.example.other","did":"did:web:a.example.com"}""", "subject is not of the expected type")]
    [TestCase("[]", "subject is not of the expected type")]
    [TestCase("""{"$type":"com.atproto.admin.defs#repoRef"}""", "subject is not of the expected type")]
    [TestCase("""{"$type":"com.atproto.admin.defs#repoRef","did":"a"}""", "subject.did must be a DID")]
    public async Task UpdateSubjectStatus_WhenTheSubjectIsMisshapen_SaysWhere(string subject, string fault)
    {
        HttpResponseMessage response = await UpdateAsync(JsonNode.Parse(subject)!, new JsonObject { ["applied"] = true });

        JsonNode body = await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
        Assert.That((string?)body["message"], Is.EqualTo($"Invalid {Admin}updateSubjectStatus input: {fault}"));
    }

    [Test]
    public async Task TakedownOfARecord_OutlivesItsReplacement()
    {
        AccountClient alice = await Pds.CreateAccountAsync();
        JsonNode made = await alice.CreateRecordAsync(rkey: "again");
        JsonObject subject = new() { ["$type"] = "com.atproto.repo.strongRef", ["uri"] = (string?)made["uri"], ["cid"] = (string?)made["cid"] };
        await (await UpdateAsync(subject, new JsonObject { ["applied"] = true })).ShouldBeJsonAsync();

        await alice.PostAsync("com.atproto.repo.deleteRecord", new JsonObject { ["repo"] = alice.Did.ToString(), ["collection"] = Collection, ["rkey"] = "again" });
        await alice.CreateRecordAsync(rkey: "again");

        HttpResponseMessage read = await Pds.Http.GetXrpcAsync("com.atproto.repo.getRecord", ("repo", alice.Did), ("collection", Collection), ("rkey", "again"));
        await read.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "RecordNotFound");
    }

    [Test]
    public async Task TakedownOfABlob_StopsItsServingUntilItIsLifted()
    {
        AccountClient alice = await Pds.CreateAccountAsync();
        using ByteArrayContent bytes = new("a blob"u8.ToArray());
        bytes.Headers.ContentType = new MediaTypeHeaderValue("text/plain");
        JsonNode blob = (await (await alice.Http.PostAsync(new Uri("/xrpc/com.atproto.repo.uploadBlob", UriKind.Relative), bytes)).ShouldBeJsonAsync())["blob"]!;
        await alice.CreateRecordAsync(record: new JsonObject { ["$type"] = Collection, ["file"] = blob.DeepClone() });
        string cid = (string)blob["ref"]!["$link"]!;
        JsonObject subject = new() { ["$type"] = "com.atproto.admin.defs#repoBlobRef", ["did"] = alice.Did.ToString(), ["cid"] = cid };

        await (await UpdateAsync(subject, new JsonObject { ["applied"] = true, ["ref"] = "b1" })).ShouldBeJsonAsync();

        await (await Pds.Http.GetXrpcAsync("com.atproto.sync.getBlob", ("did", alice.Did), ("cid", cid))).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "BlobNotFound");
        JsonNode status = await (await StatusAsync(("did", alice.Did), ("blob", cid))).ShouldBeJsonAsync();
        Assert.That((string?)status["takedown"]!["ref"], Is.EqualTo("b1"));

        await (await UpdateAsync(subject, new JsonObject { ["applied"] = false })).ShouldBeJsonAsync();
        HttpResponseMessage served = await Pds.Http.GetXrpcAsync("com.atproto.sync.getBlob", ("did", alice.Did), ("cid", cid));
        Assert.That(served.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task LiftOfABlobsTakedown_WhenItsRecordIsGone_ForgetsTheBlob()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        byte[] bytes = Guid.NewGuid().ToByteArray();
        JsonNode blob = await alice.UploadAsync(bytes);
        string rkey = await alice.CreateNoteAsync(blob);
        JsonObject subject = new() { ["$type"] = "com.atproto.admin.defs#repoBlobRef", ["did"] = alice.Did.ToString(), ["cid"] = blob.CidOf().ToString() };
        await (await UpdateAsync(subject, new JsonObject { ["applied"] = true })).ShouldBeJsonAsync();
        await alice.DeleteNoteAsync(rkey);
        await (await alice.TryUploadAsync(bytes)).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");

        await (await UpdateAsync(subject, new JsonObject { ["applied"] = false })).ShouldBeJsonAsync();

        await (await StatusAsync(("did", alice.Did), ("blob", blob.CidOf()))).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "NotFound");
        string quarantined = Path.Combine(Pds.Options.Storage.BlobPath, "quarantine", alice.Did.ToString(), blob.CidOf().ToString());
        await BlobRequests.EventuallyAsync(() => !File.Exists(quarantined) && !Pds.HasFile(alice, blob.CidOf()));
        JsonNode again = await alice.UploadAsync(bytes);
        await alice.CreateNoteAsync(again);
        Assert.That((await Pds.Http.GetBlobAsync(alice, blob.CidOf())).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task LiftOfABlobsTakedown_WhenItWasNeverReferredTo_LeavesItAsUploaded()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        JsonNode blob = await alice.UploadAsync();
        JsonObject subject = new() { ["$type"] = "com.atproto.admin.defs#repoBlobRef", ["did"] = alice.Did.ToString(), ["cid"] = blob.CidOf().ToString() };
        await (await UpdateAsync(subject, new JsonObject { ["applied"] = true })).ShouldBeJsonAsync();
        await (await alice.TryCreateNoteAsync(blob)).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "BlobNotFound");

        await (await UpdateAsync(subject, new JsonObject { ["applied"] = false })).ShouldBeJsonAsync();

        await alice.CreateNoteAsync(blob);
        Assert.That((await Pds.Http.GetBlobAsync(alice, blob.CidOf())).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    /// <summary>A record that is taken down is hidden, not removed: consumers of the repository would take it for deleted (spec 08 §8).</summary>
    [Test]
    public async Task TakedownOfARecord_LeavesRepositoryProofsAndStreamWhole()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        JsonNode hidden = await alice.CreateRecordAsync(rkey: "hidden");
        string head = (await alice.HeadAsync()).ToString();
        byte[] before = await Pds.Http.GetByteArrayAsync(new Uri($"/xrpc/com.atproto.sync.getRepo?did={alice.Did}", UriKind.Relative));
        JsonObject subject = new() { ["$type"] = "com.atproto.repo.strongRef", ["uri"] = (string?)hidden["uri"], ["cid"] = (string?)hidden["cid"] };

        await (await UpdateAsync(subject, new JsonObject { ["applied"] = true })).ShouldBeJsonAsync();

        byte[] after = await Pds.Http.GetByteArrayAsync(new Uri($"/xrpc/com.atproto.sync.getRepo?did={alice.Did}", UriKind.Relative));
        HttpResponseMessage proof = await Pds.Http.GetXrpcAsync("com.atproto.sync.getRecord", ("did", alice.Did), ("collection", Collection), ("rkey", "hidden"));
        HttpResponseMessage owner = await alice.GetAsync("com.atproto.repo.getRecord", ("repo", alice.Did), ("collection", Collection), ("rkey", "hidden"));
        using (Assert.EnterMultipleScope())
        {
            Assert.That((await alice.HeadAsync()).ToString(), Is.EqualTo(head));
            Assert.That(after, Is.EqualTo(before));
            Assert.That(proof.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        }

        await owner.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "RecordNotFound");
    }

    /// <summary>Spec 06 §1, 03 §1.1: what is closed, and what stays open for the owner who leaves (pitfall E 102).</summary>
    [Test]
    public async Task TakedownOfAnAccount_ClosesItEverywhereButForItsOwnerAndTheOperator()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        await alice.CreateRecordAsync(rkey: "one");
        JsonNode blob = await alice.UploadAsync();
        await alice.CreateNoteAsync(blob);
        string cid = blob.CidOf().ToString();
        await Pds.TakeDownAsync(alice.Did);
        (string Method, (string, object?)[] Parameters)[] sync =
        [
            ("getRepo", [("did", alice.Did)]),
            ("getBlob", [("did", alice.Did), ("cid", cid)]),
            ("listBlobs", [("did", alice.Did)]),
            ("getLatestCommit", [("did", alice.Did)]),
            ("getRecord", [("did", alice.Did), ("collection", Collection), ("rkey", "one")]),
            ("getBlocks", [("did", alice.Did), ("cids", cid)]),
        ];
        string leaving = (string)(await (await Pds.Http.SignInAsync(alice.Handle.ToString(), allowTakendown: true)).ShouldBeJsonAsync())["accessJwt"]!;
        using HttpClient admin = Pds.CreateOperator();

        foreach ((string method, (string, object?)[] parameters) in sync)
        {
            await (await Pds.Http.GetXrpcAsync("com.atproto.sync." + method, parameters)).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "RepoTakendown");
        }

        foreach (string method in new[] { "getRepo", "getBlob", "listBlobs" })
        {
            string query = method == "getBlob" ? $"?did={alice.Did}&cid={cid}" : $"?did={alice.Did}";
            HttpResponseMessage own = await Pds.Http.SendAsync(HttpMethod.Get, $"com.atproto.sync.{method}{query}", leaving);
            HttpResponseMessage operators = await admin.GetAsync(new Uri($"/xrpc/com.atproto.sync.{method}{query}", UriKind.Relative));
            Assert.That((own.StatusCode, operators.StatusCode), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.OK)), method);
        }

        JsonNode status = await (await Pds.Http.GetXrpcAsync("com.atproto.sync.getRepoStatus", ("did", alice.Did))).ShouldBeJsonAsync();
        Assert.That(((bool?)status["active"], (string?)status["status"]), Is.EqualTo(((bool?)false, "takendown")));
        await (await Pds.Http.GetXrpcAsync("com.atproto.repo.getRecord", ("repo", alice.Did), ("collection", Collection), ("rkey", "one"))).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "RecordNotFound");
        await (await Pds.Http.GetXrpcAsync("com.atproto.repo.listRecords", ("repo", alice.Did), ("collection", Collection))).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
        await (await Pds.Http.GetXrpcAsync("com.atproto.repo.describeRepo", ("repo", alice.Did))).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "RepoTakendown");
        await (await Pds.Http.GetXrpcAsync("com.atproto.identity.resolveHandle", ("handle", alice.Handle))).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "HandleNotFound");
    }

    [Test]
    public async Task Deactivation_ByTheOperator_ClosesAndActivationOpens()
    {
        AccountClient alice = await Pds.CreateAccountAsync();
        JsonObject subject = new() { ["$type"] = "com.atproto.admin.defs#repoRef", ["did"] = alice.Did.ToString() };

        await (await UpdateAsync(subject, deactivated: new JsonObject { ["applied"] = true })).ShouldBeJsonAsync();
        await (await Pds.Http.GetXrpcAsync("com.atproto.sync.getRepo", ("did", alice.Did))).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "RepoDeactivated");

        await (await UpdateAsync(subject, deactivated: new JsonObject { ["applied"] = false })).ShouldBeJsonAsync();
        await alice.HeadAsync();
    }

    [Test]
    public async Task UpdateSubjectStatus_WhenTakenDownAndActivated_IsRefused()
    {
        AccountClient alice = await Pds.CreateAccountAsync();
        JsonObject subject = new() { ["$type"] = "com.atproto.admin.defs#repoRef", ["did"] = alice.Did.ToString() };

        HttpResponseMessage response = await UpdateAsync(subject, new JsonObject { ["applied"] = true }, new JsonObject { ["applied"] = false });

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
        await alice.HeadAsync();
    }

    [TestCase("""{"$type":"com.atproto.admin.defs#repoRef","did":"did:web:unknown.example"}""")]
    [TestCase("""{"$type":"com.atproto.repo.strongRef","uri":"at://did:web:unknown.example/com.example.note/a","cid":"bafyreie5737gdxlw5i64vzichcalba3z2v5n6icifvx5xytvske7mr3hpm"}""")]
    [TestCase("""{"$type":"com.atproto.admin.defs#repoBlobRef","did":"did:web:unknown.example","cid":"bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku"}""")]
    public async Task UpdateSubjectStatus_WhenUnknown_AnswersNotFound(string subject)
    {
        HttpResponseMessage response = await UpdateAsync(JsonNode.Parse(subject)!, new JsonObject { ["applied"] = true });

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "NotFound");
    }

    [Test]
    public async Task GetSubjectStatus_WithoutEnough_IsRefused()
    {
        await (await StatusAsync()).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
        await (await StatusAsync(("blob", "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku"))).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
        await (await StatusAsync(("did", "did:web:unknown.example"))).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "NotFound");
        await (await StatusAsync(("uri", "at://did:web:unknown.example"))).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
    }

    private async Task<HttpResponseMessage> UpdateAsync(JsonNode subject, JsonObject? takedown = null, JsonObject? deactivated = null)
    {
        using HttpClient admin = Pds.CreateOperator();
        JsonObject input = new() { ["subject"] = subject.DeepClone() };
        if (takedown is not null)
        {
            input["takedown"] = takedown;
        }

        if (deactivated is not null)
        {
            input["deactivated"] = deactivated;
        }

        return await admin.PostXrpcAsync(Admin + "updateSubjectStatus", input);
    }

    private async Task<HttpResponseMessage> StatusAsync(params (string Name, object? Value)[] parameters)
    {
        using HttpClient admin = Pds.CreateOperator();
        return await admin.GetXrpcAsync(Admin + "getSubjectStatus", parameters);
    }
}
