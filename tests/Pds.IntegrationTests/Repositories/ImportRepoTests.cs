using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Pds.Application.Blobs;
using Pds.Application.Crypto;
using Pds.Domain.Crypto;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;
using Pds.Domain.Repositories.Mst;
using Pds.Infrastructure.Persistence;
using Pds.IntegrationTests.Accounts;
using Pds.IntegrationTests.Blobs;
using Pds.IntegrationTests.Sync;

namespace Pds.IntegrationTests.Repositories;

internal sealed class ImportRepoTests : PdsTest
{
    private const string Method = "com.atproto.repo.importRepo";
    private static int _names;

    private ForeignIdentity _mover = null!;
    private AccountClient _alice = null!;

    [SetUp]
    public async Task MoveInAsync()
    {
        _mover = await Pds.CreateForeignIdentityAsync($"mover{Interlocked.Increment(ref _names)}.test");
        _alice = await _mover.MoveInAsync();
    }

    [TearDown]
    public void SignOut() => _alice.Dispose();

    [Test]
    public async Task Import_OfARepositoryFromElsewhere_KeepsItsTreeUnderACommitOfOurs()
    {
        ImportArchive archive = Archive().AddMany(500);
        Cid root = archive.BuildTree().Root;

        await ImportAsync(archive.ToCar());

        RepositoryArchive exported = await ExportAsync();
        ISigner ours = await Pds.Services.GetRequiredService<ISigningKeys>().GetAsync(_alice.Did, CancellationToken.None);
        Assert.Multiple(() =>
        {
            Assert.That(exported.Commit.Data, Is.EqualTo(root));
            Assert.That(exported.Commit.Rev, Is.GreaterThan(archive.Rev));
            Assert.That(exported.Verify(_alice.Did, ours.PublicKey, Pds.Services.GetRequiredService<IVerifier>()), Is.EqualTo(500));
        });
        JsonNode status = await (await _alice.GetAsync("com.atproto.server.checkAccountStatus")).ShouldBeJsonAsync();
        Assert.That(status["indexedRecords"]!.GetValue<int>(), Is.EqualTo(500));
        Assert.That(status["repoBlocks"]!.GetValue<int>(), Is.EqualTo(1 + 500 + archive.Nodes().Count()));
        Assert.That(status["repoRev"]!.GetValue<string>(), Is.EqualTo(exported.Commit.Rev.ToString()));
    }

    // Pitfall B 39, C 53.
    [Test]
    public async Task Import_ThenActivation_AnnouncesTheCommitOfOursAndWritesGoOn()
    {
        await using FirehoseClient firehose = await FirehoseClient.OpenAsync(Pds.Origin, "");
        await ImportAsync(Archive().AddMany(50).ToCar());
        RepositoryArchive imported = await ExportAsync();
        await _mover.PointHereAsync();

        Assert.That((await _alice.PostAsync("com.atproto.server.activateAccount")).StatusCode, Is.EqualTo(HttpStatusCode.OK));

        await _alice.CreateRecordAsync(rkey: "after");
        IReadOnlyList<FirehoseFrame> commits = await firehose.WaitForCommitsAsync(_alice.Did.ToString(), 1);
        FirehoseFrame sync = firehose.Frames.Single(frame => frame.Type == "#sync" && (string?)frame.Body["did"] == _alice.Did.ToString());
        Assert.That(sync.Body["rev"], Is.EqualTo(imported.Commit.Rev.ToString()));
        Assert.That(commits[0].Body["since"], Is.EqualTo(imported.Commit.Rev.ToString()));
        Assert.That(commits[0].Body["prevData"], Is.EqualTo(imported.Commit.Data));
        Assert.That((await ExportAsync()).ReadRecords().Count(), Is.EqualTo(51));
    }

    // Pitfall B 40.
    [Test]
    public async Task Import_OfTheSameArchiveAgain_ChangesNothing()
    {
        byte[] car = Archive().AddMany(30).ToCar();
        await ImportAsync(car);
        Cid head = await _alice.HeadAsync();

        await ImportAsync(car);

        Assert.That(await _alice.HeadAsync(), Is.EqualTo(head));
    }

    [Test]
    public async Task Import_OfAnotherState_WritesRemovesAndLeavesWhatStays()
    {
        await ImportAsync(Archive().AddMany(40).Add($"{ImportArchive.Collection}/old", ImportArchive.Record(-1)).ToCar());
        Tid before = (await ExportAsync()).Commit.Rev;
        ImportArchive next = Archive().AddMany(39).Add($"{ImportArchive.Collection}/r000000039", ImportArchive.Record(1000)).Add($"{ImportArchive.Collection}/new", ImportArchive.Record(-2));

        await ImportAsync(next.ToCar());

        RepositoryArchive after = await ExportAsync();
        byte[] newer = await (await _alice.GetAsync("com.atproto.sync.getRepo", ("did", _alice.Did), ("since", before))).ShouldBeCarAsync();
        (_, IReadOnlyDictionary<Cid, ReadOnlyMemory<byte>> blocks) = Domain.Repositories.Car.CarReader.ReadAll(newer);
        Assert.Multiple(() =>
        {
            Assert.That(after.Commit.Data, Is.EqualTo(next.BuildTree().Root));
            Assert.That(after.ReadRecords().Select(record => record.Path.ToString()), Is.EqualTo(next.Entries.Select(entry => entry.Path).Order(StringComparer.Ordinal)));
            Assert.That(next.Records.Count(record => blocks.ContainsKey(record.Cid)), Is.EqualTo(2), "only what was written is newer");
        });
    }

    [Test]
    public async Task Import_OfAnEmptyRepository_RemovesEverything()
    {
        await ImportAsync(Archive().AddMany(10).ToCar());

        await ImportAsync(Archive().ToCar());

        Assert.That((await ExportAsync()).Commit.Data, Is.EqualTo(MstTree.EmptyRoot));
        Assert.That((await ExportAsync()).ReadRecords(), Is.Empty);
    }

    [Test]
    public async Task Import_FromTheFuture_DoesNotAdoptTheRevision()
    {
        var now = Tid.Create(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * 1000, 0);
        var future = new ImportArchive(_alice.Did, _mover.Signing) { Rev = Tid.Create(now.UnixMicroseconds + 3_600_000_000, 1) };

        await ImportAsync(future.AddMany(3).ToCar());

        Assert.That((await ExportAsync()).Commit.Rev.UnixMicroseconds, Is.LessThan(now.UnixMicroseconds + 300_000_000));
    }

    [Test]
    public async Task Import_FromTheNearFuture_IsPassedByOurRevision()
    {
        long soon = (DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() + 60_000) * 1000;
        var archive = new ImportArchive(_alice.Did, _mover.Signing) { Rev = Tid.Create(soon, 1) };

        await ImportAsync(archive.AddMany(3).ToCar());

        Assert.That((await ExportAsync()).Commit.Rev, Is.GreaterThan(archive.Rev));
    }

    [Test]
    public async Task Import_IntoAnActiveAccount_IsAnnouncedAsSync()
    {
        using AccountClient bob = await Pds.CreateAccountAsync();
        await bob.CreateRecordAsync(rkey: "gone");
        await using FirehoseClient firehose = await FirehoseClient.OpenAsync(Pds.Origin, "");

        HttpResponseMessage response = await PostAsync(bob, new ImportArchive(bob.Did, _mover.Signing).AddMany(5).ToCar());

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        FirehoseFrame sync = await firehose.WaitForAsync(frame => frame.Type == "#sync" && (string?)frame.Body["did"] == bob.Did.ToString());
        JsonNode head = await (await bob.GetAsync("com.atproto.sync.getLatestCommit", ("did", bob.Did))).ShouldBeJsonAsync();
        Assert.That(sync.Body["rev"], Is.EqualTo(head["rev"]!.GetValue<string>()));
        JsonNode records = await (await bob.GetAsync("com.atproto.repo.listRecords", ("repo", bob.Did), ("collection", ImportArchive.Collection))).ShouldBeJsonAsync();
        Assert.That(records["records"]!.AsArray(), Has.Count.EqualTo(5));
        Assert.That((await bob.GetAsync("com.atproto.repo.getRecord", ("repo", bob.Did), ("collection", "com.example.note"), ("rkey", "gone"))).StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
    }

    [Test]
    public async Task Import_WithBlocksShuffledTwiceAndTooMany_IsTaken()
    {
        ImportArchive archive = Archive().AddMany(20);
        Block[] blocks = [.. archive.Records, .. archive.Nodes(), .. archive.Records, ImportArchive.BlockOf([0xa0])];
        new Random(3).Shuffle(blocks);

        await ImportAsync(ImportArchive.Pack(archive.Sign(archive.BuildTree().Root), blocks));

        Assert.That((await ExportAsync()).Commit.Data, Is.EqualTo(archive.BuildTree().Root));
    }

    // Pitfall I 165.
    [Test]
    public async Task Import_WithOddRecordsOfOtherServers_IsTaken()
    {
        // No $type, a legacy blob, and an odd $type: nothing of it could be created here.
        ImportArchive archive = Archive()
            .Add($"{ImportArchive.Collection}/a", DataMap.FromJson("""{"text":"no type"}"""u8).Cbor.ToArray())
            .Add($"{ImportArchive.Collection}/b", DataMap.FromJson("""{"$type":"com.example.thing","image":{"cid":"bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku","mimeType":"image/png"}}"""u8).Cbor.ToArray());

        await ImportAsync(archive.ToCar());

        Assert.That((await ExportAsync()).ReadRecords().Count(), Is.EqualTo(2));
    }

    [Test]
    public async Task Import_OfRecordsWithBlobs_AsksForThemAndKeepsWhatWasUploadedBefore()
    {
        JsonNode early = await UploadAsync("early");
        const string late = "bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy";
        ImportArchive archive = Archive()
            .Add($"{ImportArchive.Collection}/early", WithBlob(early["ref"]!["$link"]!.GetValue<string>(), "text/plain", 5))
            .Add($"{ImportArchive.Collection}/late", WithBlob(late, "image/png", 100));

        await ImportAsync(archive.ToCar());

        JsonNode status = await (await _alice.GetAsync("com.atproto.server.checkAccountStatus")).ShouldBeJsonAsync();
        JsonNode missing = await (await _alice.GetAsync("com.atproto.repo.listMissingBlobs")).ShouldBeJsonAsync();
        Assert.Multiple(() =>
        {
            Assert.That(status["expectedBlobs"]!.GetValue<int>(), Is.EqualTo(2));
            Assert.That(status["importedBlobs"]!.GetValue<int>(), Is.EqualTo(1));
            Assert.That(missing["blobs"]!.ToJsonString(), Is.EqualTo($$"""[{"cid":"{{late}}","recordUri":"at://{{_alice.Did}}/{{ImportArchive.Collection}}/late"}]"""));
        });
    }

    [Test]
    public async Task Import_WithoutARecordThatHadABlob_KeepsTheBlobForTheNextOne()
    {
        JsonNode blob = await UploadAsync("gone soon");
        byte[] record = WithBlob(blob["ref"]!["$link"]!.GetValue<string>(), "text/plain", 9);
        await ImportAsync(Archive().Add($"{ImportArchive.Collection}/one", record).Add($"{ImportArchive.Collection}/two", record).ToCar());
        await ImportAsync(Archive().Add($"{ImportArchive.Collection}/two", record).ToCar());
        JsonNode kept = await (await _alice.GetAsync("com.atproto.server.checkAccountStatus")).ShouldBeJsonAsync();

        await ImportAsync(Archive().ToCar());

        JsonNode status = await (await _alice.GetAsync("com.atproto.server.checkAccountStatus")).ShouldBeJsonAsync();
        Assert.That((kept["expectedBlobs"]!.GetValue<int>(), kept["importedBlobs"]!.GetValue<int>()), Is.EqualTo((1, 1)));
        Assert.That((status["expectedBlobs"]!.GetValue<int>(), status["importedBlobs"]!.GetValue<int>()), Is.EqualTo((0, 0)));
        await (await GetBlobAsync(blob)).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "BlobNotFound");

        await ImportAsync(Archive().Add($"{ImportArchive.Collection}/three", record).ToCar());

        Assert.That(await (await GetBlobAsync(blob)).Content.ReadAsStringAsync(), Is.EqualTo("gone soon"));
    }

    [Test]
    public async Task Import_WithoutARecordThatHadABlob_LeavesTheBlobToTheCollector()
    {
        var time = new ManualTime();
        await using PdsApplication pds = await PdsApplication.StartAsync(time);
        ForeignIdentity mover = await pds.CreateForeignIdentityAsync("collected.test");
        using AccountClient alice = await mover.MoveInAsync();
        JsonNode blob = await alice.UploadAsync("gone soon"u8.ToArray());
        byte[] record = WithBlob(blob["ref"]!["$link"]!.GetValue<string>(), "text/plain", 9);
        await PostAsync(alice, new ImportArchive(alice.Did, mover.Signing).Add($"{ImportArchive.Collection}/one", record).ToCar());
        await PostAsync(alice, new ImportArchive(alice.Did, mover.Signing).ToCar());

        CollectedBlobs early = await pds.Get<ITemporaryBlobs>().CollectAsync(dryRun: false, CancellationToken.None);
        time.Advance(pds.Options.Blobs.TempLifetime + TimeSpan.FromMinutes(1));
        CollectedBlobs late = await pds.Get<ITemporaryBlobs>().CollectAsync(dryRun: false, CancellationToken.None);

        Assert.That((early.Count, late.Count), Is.EqualTo((0, 1)));
        await BlobRequests.EventuallyAsync(() => !pds.HasFile(alice, blob.CidOf()));
    }

    private const string LargeRecord = "larger than a record may be";

    // Pitfall M 215.
    [TestCase("com.example.thing/kike", "fine")]
    [TestCase("com.example.thing/fine", LargeRecord)]
    public async Task Import_OfARecordThatNoOtherWriteMayMake_IsRefusedAndChangesNothing(string path, string text)
    {
        await ImportAsync(Archive().AddMany(3).ToCar());
        string value = text == LargeRecord ? new string('x', RepositoryLimits.MaxRecordBytes) : text;
        byte[] record = DataMap.FromJson(System.Text.Encoding.UTF8.GetBytes($$"""{"$type":"com.example.thing","text":"{{value}}"}""")).Cbor.ToArray();

        HttpResponseMessage response = await PostAsync(_alice, Archive().Add(path, record).ToCar());

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
        Assert.That((await ExportAsync()).ReadRecords().Count(), Is.EqualTo(3));
    }

    [Test]
    public async Task Import_OfTwentyThousandRecords_GivesTheSameTree()
    {
        ImportArchive archive = Archive().AddMany(20_000);

        await ImportAsync(archive.ToCar());

        RepositoryArchive exported = await ExportAsync();
        Assert.That(exported.Commit.Data, Is.EqualTo(archive.BuildTree().Root));
        Assert.That(exported.ReadRecords().Count(), Is.EqualTo(20_000));
    }

    // Pitfall B 37, 38.
    [TestCase("unsorted keys")]
    [TestCase("duplicate keys")]
    [TestCase("prefix too short")]
    [TestCase("prefix too long")]
    [TestCase("key of another layer")]
    [TestCase("key that is no path")]
    [TestCase("commit of version 2")]
    [TestCase("another DID")]
    [TestCase("not a CAR")]
    [TestCase("empty body")]
    [TestCase("truncated CAR")]
    [TestCase("wrong hash")]
    [TestCase("two roots")]
    [TestCase("root that is no commit")]
    [TestCase("missing commit")]
    [TestCase("missing node")]
    [TestCase("missing record")]
    [TestCase("record that is no map")]
    [TestCase("record that is not canonical")]
    public async Task Import_WhenTheArchiveIsNotSound_IsRefusedAndChangesNothing(string fault)
    {
        await ImportAsync(Archive().AddMany(25).ToCar());
        Cid head = await _alice.HeadAsync();

        HttpResponseMessage response = await PostAsync(_alice, Unsound(fault));

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
        Assert.That(await _alice.HeadAsync(), Is.EqualTo(head));
        Assert.That((await ExportAsync()).ReadRecords().Count(), Is.EqualTo(25));
        AssertNothingIsLeft(Pds);
    }

    [Test]
    public async Task Import_WithAnAppPassword_IsRefused()
    {
        JsonNode password = await (await _alice.PostAsync("com.atproto.server.createAppPassword", new JsonObject { ["name"] = "app" })).ShouldBeJsonAsync();
        JsonNode session = await (await Pds.Http.SignInAsync(_mover.Handle, password["password"]!.GetValue<string>())).ShouldBeJsonAsync();
        using AccountClient app = new(Pds, session);

        HttpResponseMessage response = await PostAsync(app, Archive().ToCar());

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidToken");
    }

    [Test]
    public async Task Import_OfATakenDownAccount_IsRefused()
    {
        using AccountClient bob = await Pds.CreateAccountAsync();
        await Pds.TakeDownAsync(bob.Did);

        HttpResponseMessage response = await PostAsync(bob, new ImportArchive(bob.Did, _mover.Signing).ToCar());

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "AccountTakedown");
    }

    [Test]
    public async Task Import_WithoutCredentials_IsRefused()
    {
        using HttpContent content = Content(Archive().ToCar());

        HttpResponseMessage response = await Pds.Http.PostAsync(new Uri($"/xrpc/{Method}", UriKind.Relative), content);

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "AuthMissing");
    }

    [Test]
    public async Task Import_WhenNoneAreAccepted_IsRefused()
    {
        await using PdsApplication closed = await PdsApplication.StartAsync(new Dictionary<string, string?> { ["PDS_ACCEPTING_REPO_IMPORTS"] = "false" });
        using AccountClient bob = await closed.CreateAccountAsync();

        HttpResponseMessage response = await PostAsync(bob, new ImportArchive(bob.Did, _mover.Signing).AddMany(1).ToCar());

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest", "Service is not accepting repo imports");
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Import_BeyondTheLimit_IsRefusedAndChangesNothing(bool chunked)
    {
        await using PdsApplication small = await PdsApplication.StartAsync(new Dictionary<string, string?> { ["PDS_MAX_REPO_IMPORT_SIZE"] = "4000" });
        using AccountClient bob = await small.CreateAccountAsync();
        Cid head = await bob.HeadAsync();

        HttpResponseMessage response = await PostAsync(bob, new ImportArchive(bob.Did, _mover.Signing).AddMany(100).ToCar(), chunked);

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.RequestEntityTooLarge, "PayloadTooLarge");
        Assert.That(await bob.HeadAsync(), Is.EqualTo(head));
        AssertNothingIsLeft(small);
    }

    [Test]
    public async Task Start_WhenAnImportWasUnderWay_ClearsItAway()
    {
        string directory = Directory.CreateTempSubdirectory("pds-test-").FullName;
        try
        {
            await using (PdsApplication first = await PdsApplication.StartAsync(directory: directory))
            {
                Directory.CreateDirectory(Path.Combine(directory, "imports"));
                await File.WriteAllTextAsync(Path.Combine(directory, "imports", "left"), "left");
                Execute(first, "INSERT INTO record (account_id, path, cid, rev, cbor) VALUES (-1, 'a.b.c/d', x'01', 1, x'a0'); INSERT INTO mst_node (account_id, cid, rev, bytes) VALUES (-7, x'01', 1, x'a0'); INSERT INTO record_blob (account_id, cid, path) VALUES (-1, x'01', 'a.b.c/d')");
            }

            await using PdsApplication second = await PdsApplication.StartAsync(directory: directory);

            AssertNothingIsLeft(second);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static void AssertNothingIsLeft(PdsApplication pds)
    {
        string folder = Path.Combine(pds.Directory, "imports");
        Assert.That(Execute(pds, "SELECT (SELECT count(*) FROM record WHERE account_id < 0) + (SELECT count(*) FROM mst_node WHERE account_id < 0) + (SELECT count(*) FROM record_blob WHERE account_id < 0)"), Is.EqualTo(0L));
        Assert.That(Directory.Exists(folder) ? Directory.GetFiles(folder) : [], Is.Empty);
    }

    private static object? Execute(PdsApplication pds, string sql)
    {
        using SqliteConnection connection = pds.Services.GetRequiredService<SqliteDatabase>().Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    private static ByteArrayContent Content(byte[] car)
    {
        var content = new ByteArrayContent(car);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/vnd.ipld.car");
        return content;
    }

    private static async Task<HttpResponseMessage> PostAsync(AccountClient account, byte[] car, bool chunked = false)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"/xrpc/{Method}", UriKind.Relative)) { Content = Content(car) };
        request.Headers.TransferEncodingChunked = chunked ? true : null;
        return await account.Http.SendAsync(request);
    }

    private static byte[] WithBlob(string cid, string mimeType, int size) => DataMap.FromJson(System.Text.Encoding.UTF8.GetBytes($$$"""
        {"$type":"com.example.thing","file":{"$type":"blob","ref":{"$link":"{{{cid}}}"},"mimeType":"{{{mimeType}}}","size":{{{size}}}}}
        """)).Cbor.ToArray();

    private async Task<JsonNode> UploadAsync(string text)
    {
        using var content = new StringContent(text, System.Text.Encoding.UTF8, "text/plain");
        HttpResponseMessage response = await _alice.Http.PostAsync(new Uri("/xrpc/com.atproto.repo.uploadBlob", UriKind.Relative), content);
        return (await response.ShouldBeJsonAsync())["blob"]!;
    }

    private Task<HttpResponseMessage> GetBlobAsync(JsonNode blob) => _alice.Http.GetBlobAsync(_alice, blob.CidOf());

    private ImportArchive Archive() => new(_alice.Did, _mover.Signing);

    private async Task ImportAsync(byte[] car)
    {
        HttpResponseMessage response = await PostAsync(_alice, car);
        string body = await response.Content.ReadAsStringAsync();
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), body);
        Assert.That(body, Is.Empty);
    }

    private async Task<RepositoryArchive> ExportAsync() =>
        RepositoryArchive.Open(await (await _alice.GetAsync("com.atproto.sync.getRepo", ("did", _alice.Did))).ShouldBeCarAsync());

    private byte[] Unsound(string fault)
    {
        ImportArchive archive = Archive();
        string[] keys = [.. ImportArchive.LowKeys.Take(2)];
        int shared = keys[0].Zip(keys[1]).TakeWhile(pair => pair.First == pair.Second).Count();
        archive.Add(keys[0], ImportArchive.Record(1)).Add(keys[1], ImportArchive.Record(2));
        Block commit = archive.Sign(archive.BuildTree().Root);
        byte[] sound = archive.ToCar();
        byte[] list = [0x80];
        switch (fault)
        {
            case "unsorted keys":
                return archive.ToCarWithNode((keys[1], 0), (keys[0], shared));
            case "duplicate keys":
                return archive.ToCarWithNode((keys[0], 0), (keys[0], keys[0].Length));
            case "prefix too short":
                return archive.ToCarWithNode((keys[0], 0), (keys[1], shared - 1));
            case "prefix too long":
                return archive.ToCarWithNode((keys[0], keys[0].Length - 1), (keys[1], shared));
            case "key of another layer":
                string high = Enumerable.Range(0, int.MaxValue).Select(n => $"{ImportArchive.Collection}/h{n}").Except(Enumerable.Range(0, 200).Select(n => $"{ImportArchive.Collection}/h{n}").Where(IsLow)).First();
                archive.Add(high, ImportArchive.Record(3));
                return archive.ToCarWithNode((high, 0), (keys[0], high.Zip(keys[0]).TakeWhile(pair => pair.First == pair.Second).Count()));
            case "key that is no path":
                archive.Add("nocollection/k", ImportArchive.Record(3));
                return archive.ToCarWithNode(("nocollection/k", 0));
            case "commit of version 2":
                return ImportArchive.Pack(archive.SignVersion2(archive.BuildTree().Root), [.. archive.Nodes(), .. archive.Records]);
            case "another DID":
                return new ImportArchive(Did.Parse("did:plc:ewvi7nxzyoun6zhxrhs64oiz"), _mover.Signing).AddMany(3).ToCar();
            case "not a CAR":
                return "{\"this\":\"is not a CAR\"}"u8.ToArray();
            case "empty body":
                return [];
            case "truncated CAR":
                return sound[..^5];
            case "wrong hash":
                sound[^1] ^= 1;
                return sound;
            case "two roots":
                return Domain.Repositories.Car.CarWriter.ToArray([commit.Cid, commit.Cid], [commit, .. archive.Nodes(), .. archive.Records]);
            case "root that is no commit":
                return ImportArchive.Pack(archive.Records[0], archive.Nodes());
            case "missing commit":
                return Domain.Repositories.Car.CarWriter.ToArray([commit.Cid], [.. archive.Nodes(), .. archive.Records]);
            case "missing node":
                archive.AddMany(2500);
                return ImportArchive.Pack(archive.Sign(archive.BuildTree().Root), [.. archive.Nodes().SkipLast(1), .. archive.Records]);
            case "missing record":
                archive.AddMany(2500);
                return ImportArchive.Pack(archive.Sign(archive.BuildTree().Root), [.. archive.Nodes(), .. archive.Records.SkipLast(1)]);
            case "record that is no map":
                return archive.Add($"{ImportArchive.Collection}/list", list).ToCar();
            default:
                return archive.Add($"{ImportArchive.Collection}/odd", [0xb8, 0x00]).ToCar();
        }
    }

    private static bool IsLow(string key) => System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(key))[0] >= 0x40;
}
