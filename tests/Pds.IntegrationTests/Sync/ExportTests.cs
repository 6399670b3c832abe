using System.Net;
using System.Text.Json;
using Pds.Domain.Accounts;
using Pds.Domain.DataModel;
using Pds.Domain.Repositories;
using Pds.Domain.Repositories.Car;
using Pds.Domain.Repositories.Mst;
using Pds.IntegrationTests.Repositories;

namespace Pds.IntegrationTests.Sync;

internal sealed class ExportTests : RepoTest
{
    [Test]
    public async Task GetRepo_HoldsTheCommitFirstAndEverythingOnce()
    {
        Dictionary<string, string?> cids = await FillAsync(450);

        (IReadOnlyList<Cid> roots, List<Cid> order, BlockSource blocks) = Read(await ExportAsync());

        Commit head = Commit.Decode(blocks.Blocks[roots[0]]);
        MstEntry[] entries = [.. MstVerifier.Verify(head.Data, blocks)];
        int nodes = MstTree.Load(head.Data, blocks).WalkPreOrder().Count(step => step.Node is not null);
        Assert.That(head.HasSignatureOf(await Server.PublicKeyAsync(Alice.Did), Server.Verifier), Is.True);
        Assert.Multiple(async () =>
        {
            Assert.That(roots, Has.Count.EqualTo(1));
            Assert.That(order[0], Is.EqualTo(roots[0]));
            Assert.That(order[1], Is.EqualTo(head.Data));
            Assert.That(roots[0].ToString(), Is.EqualTo((await Alice.HeadAsync()).Text("cid")));
            Assert.That(entries.ToDictionary(entry => entry.Path, entry => entry.Value.ToString()), Is.EqualTo(cids));
            Assert.That(order, Has.Count.EqualTo(1 + nodes + cids.Count));
        });
    }

    [Test]
    public async Task GetRepo_OfAnEmptyRepository_HoldsTheCommitAndTheEmptyTree()
    {
        (IReadOnlyList<Cid> roots, List<Cid> order, _) = Read(await ExportAsync());

        Assert.That(order, Is.EqualTo(new[] { roots[0], MstTree.EmptyRoot }));
    }

    // Pitfall B 36.
    [Test]
    public async Task GetRepo_Since_HoldsWhatIsNewer()
    {
        JsonElement first = await Alice.CreateAsync(new { n = 1 }, "one");
        JsonElement second = await Alice.CreateAsync(new { n = 2 }, "two");
        JsonElement third = await Alice.CreateAsync(new { n = 3 }, "three");

        (IReadOnlyList<Cid> roots, List<Cid> order, BlockSource blocks) = Read(await ExportAsync($"&since={first.Text("commit.rev")}"));

        Assert.Multiple(() =>
        {
            Assert.That(roots[0].ToString(), Is.EqualTo(third.Text("commit.cid")));
            Assert.That(order.Select(cid => cid.ToString()), Does.Contain(second.Text("cid")).And.Contain(third.Text("cid")).And.Not.Contain(first.Text("cid")));
            Assert.That(order, Does.Contain(Commit.Decode(blocks.Blocks[roots[0]]).Data));
        });
    }

    [Test]
    public async Task GetRepo_SinceTheHead_IsAHeader()
    {
        JsonElement last = await Alice.CreateAsync(new { n = 1 });

        (IReadOnlyList<Cid> roots, List<Cid> order, _) = Read(await ExportAsync($"&since={last.Text("commit.rev")}"));

        Assert.That(roots[0].ToString(), Is.EqualTo(last.Text("commit.cid")));
        Assert.That(order, Is.Empty);
    }

    [Test]
    public async Task GetRepo_WhileOthersWrite_IsOfOneMoment()
    {
        await FillAsync(100);
        using var stop = new CancellationTokenSource();
        Task writing = Task.Run(async () =>
        {
            for (int i = 0; !stop.IsCancellationRequested; i++)
            {
                await Alice.CreateAsync(new { i });
            }
        });

        for (int i = 0; i < 8; i++)
        {
            (IReadOnlyList<Cid> roots, _, BlockSource blocks) = Read(await ExportAsync());
            foreach (MstEntry entry in MstVerifier.Verify(Commit.Decode(blocks.Blocks[roots[0]]).Data, blocks))
            {
                Assert.That(blocks.Blocks, Does.ContainKey(entry.Value));
            }
        }

        await stop.CancelAsync();
        await writing;
    }

    [Test]
    public async Task GetCheckout_IsTheWholeRepository()
    {
        await FillAsync(3);

        byte[] checkout = await (await Server.GetAsync($"com.atproto.sync.getCheckout?did={Alice.Did}")).ShouldBeCarAsync();

        Assert.That(checkout, Is.EqualTo(await ExportAsync()));
    }

    [Test]
    public async Task GetRepo_AskedForItsHeadOnly_AnswersWithoutABody()
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, $"/xrpc/com.atproto.sync.getRepo?did={Alice.Did}");

        HttpResponseMessage response = await Server.Http.SendAsync(request);

        Assert.That(response.Content.Headers.ContentType?.ToString(), Is.EqualTo("application/vnd.ipld.car"));
        Assert.That(await response.Content.ReadAsByteArrayAsync(), Is.Empty);
    }

    [Test]
    public async Task GetRecord_OfARecord_ProvesThatItIsThere()
    {
        Dictionary<string, string?> cids = await FillAsync(200);

        (IReadOnlyList<Cid> roots, List<Cid> order, BlockSource blocks) = Read(await ProveAsync("k77"));

        MstTree tree = MstTree.Load(Commit.Decode(blocks.Blocks[roots[0]]).Data, blocks);
        Assert.That(tree.TryGet("com.example.thing/k77", out Cid cid), Is.True);
        Assert.That(cid.ToString(), Is.EqualTo(cids["com.example.thing/k77"]));
        Assert.That(order, Does.Contain(cid).And.Count.LessThan(12));
    }

    // Pitfall B 43.
    [TestCase("k77x")]
    [TestCase("")]
    public async Task GetRecord_OfNothing_ProvesThatItIsNotThere(string rkey)
    {
        await FillAsync(200);
        string key = rkey.Length == 0 ? "zzz" : rkey;

        (IReadOnlyList<Cid> roots, List<Cid> order, BlockSource blocks) = Read(await ProveAsync(key));

        MstTree tree = MstTree.Load(Commit.Decode(blocks.Blocks[roots[0]]).Data, blocks);
        Assert.That(tree.TryGet($"com.example.thing/{key}", out _), Is.False);
        Assert.That(order, Has.Count.LessThan(12));
    }

    // Pitfall B 41.
    [Test]
    public async Task GetBlocks_AnswersBlocksWithoutRoots()
    {
        JsonElement record = await Alice.CreateAsync(new { n = 1 });
        string tree = Commit.Decode(Read(await ExportAsync()).Blocks.Blocks[Cid.Parse(record.Text("commit.cid")!)]).Data.ToString();
        string[] cids = [record.Text("cid")!, record.Text("commit.cid")!, tree];

        byte[] car = await (await Server.GetAsync($"com.atproto.sync.getBlocks?did={Alice.Did}&cids={string.Join("&cids=", cids)}&cids={cids[0]}")).ShouldBeCarAsync();

        (IReadOnlyList<Cid> roots, List<Cid> order, _) = Read(car);
        Assert.That(roots, Is.Empty);
        Assert.That(order.Select(cid => cid.ToString()), Is.EqualTo(cids));
    }

    [Test]
    public async Task GetBlocks_WhenOneIsMissing_AnswersBlockNotFound()
    {
        JsonElement first = await Alice.CreateAsync(new { n = 1 });
        JsonElement second = await Alice.CreateAsync(new { n = 2 });
        RepoClient bob = await Server.CreateAccountAsync();

        HttpResponseMessage oldCommit = await Server.GetAsync($"com.atproto.sync.getBlocks?did={Alice.Did}&cids={second.Text("cid")}&cids={first.Text("commit.cid")}");
        HttpResponseMessage foreign = await Server.GetAsync($"com.atproto.sync.getBlocks?did={bob.Did}&cids={second.Text("cid")}");

        await oldCommit.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "BlockNotFound", $"Could not find cids: {first.Text("commit.cid")}");
        await foreign.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "BlockNotFound");
    }

    // Pitfall B 30.
    [Test]
    public async Task GetBlocks_WhenOneOfTwoRecordsWithTheSameContentIsDeleted_StillHasTheirBlock()
    {
        JsonElement kept = await Alice.CreateAsync(new { same = true }, "kept");
        await Alice.CreateAsync(new { same = true }, "gone");

        await (await Alice.DeleteAsync("gone")).ShouldAnswerAsync();

        byte[] car = await (await Server.GetAsync($"com.atproto.sync.getBlocks?did={Alice.Did}&cids={kept.Text("cid")}")).ShouldBeCarAsync();
        Assert.That(CarOrder.Of(car), Is.EqualTo(new[] { Cid.Parse(kept.Text("cid")!) }));
        (_, List<Cid> exported, _) = Read(await ExportAsync());
        Assert.That(exported, Does.Contain(Cid.Parse(kept.Text("cid")!)));
    }

    private static readonly string[] Guarded =
    [
        "getRepo?", "getCheckout?", "getLatestCommit?", "getHead?", "getRecord?collection=com.example.thing&rkey=k&",
        "getBlocks?cids=bafyreie5737gdxlw5i64vzichcalba3z2v5n6icifvx5xytvske7mr3hpm&",
    ];

    [Test]
    public async Task Reading_WhenTheAccountIsNotActive_SaysWhyToAllButItsOwnerAndTheOperator(
        [ValueSource(nameof(Guarded))] string method, [Values(AccountStatus.Deactivated, AccountStatus.Takendown)] AccountStatus status)
    {
        RepoClient bob = await Server.CreateAccountAsync();
        await Server.SetStatusAsync(Alice.Did, status);
        string query = $"com.atproto.sync.{method}did={Alice.Did}";

        HttpResponseMessage stranger = await Server.GetAsync(query);
        HttpResponseMessage other = await bob.GetAsync(query);
        HttpResponseMessage owner = await Alice.GetAsync(query);
        HttpResponseMessage operatorAnswer = await Server.GetAsync(query, asAdmin: true);

        string error = status == AccountStatus.Deactivated ? "RepoDeactivated" : "RepoTakendown";
        await stranger.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, error);
        await other.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, error);
        Assert.That(owner.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(operatorAnswer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Reading_WithTheSessionOfATakenDownAccount_ServesOnlyTheExport()
    {
        await Server.SetStatusAsync(Alice.Did, AccountStatus.Takendown);
        using var signIn = new StringContent(
            $$"""{"identifier":"{{Alice.Did}}","password":"{{PdsApplication.Password}}","allowTakendown":true}""", System.Text.Encoding.UTF8, "application/json");
        JsonElement session = await (await Server.Http.PostAsync("/xrpc/com.atproto.server.createSession", signIn)).ShouldAnswerAsync();

        HttpResponseMessage export = await Server.GetAsync($"com.atproto.sync.getRepo?did={Alice.Did}", session.Text("accessJwt"));
        HttpResponseMessage commit = await Server.GetAsync($"com.atproto.sync.getLatestCommit?did={Alice.Did}", session.Text("accessJwt"));

        await export.ShouldBeCarAsync();
        await commit.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidToken", "Bad token scope");
    }

    [Test]
    public async Task Reading_WithBadCredentials_IsRefusedAndNotAnonymous()
    {
        HttpResponseMessage response = await Server.GetAsync($"com.atproto.sync.getRepo?did={Alice.Did}", "garbage");

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidToken");
    }

    [TestCase("getRepo", "RepoNotFound")]
    [TestCase("getCheckout", "RepoNotFound")]
    [TestCase("getLatestCommit", "RepoNotFound")]
    [TestCase("getRepoStatus", "RepoNotFound")]
    [TestCase("getHead", "RepoNotFound")]
    [TestCase("listBlobs", "RepoNotFound")]
    public async Task Reading_WhenTheRepositoryIsUnknown_SaysSo(string method, string error)
    {
        HttpResponseMessage unknown = await Server.GetAsync($"com.atproto.sync.{method}?did=did:web:nobody.test");
        HttpResponseMessage malformed = await Server.GetAsync($"com.atproto.sync.{method}?did=nope");
        HttpResponseMessage absent = await Server.GetAsync($"com.atproto.sync.{method}");

        await unknown.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, error);
        await malformed.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
        await absent.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
    }

    [TestCase("getRepo?since=nope&")]
    [TestCase("getBlocks?")]
    [TestCase("getBlocks?cids=nope&")]
    [TestCase("getRecord?collection=com.example.thing&")]
    public async Task Reading_WhenAParameterIsBad_IsRefused(string method)
    {
        HttpResponseMessage response = await Server.GetAsync($"com.atproto.sync.{method}did={Alice.Did}");

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
    }

    private static (IReadOnlyList<Cid> Roots, List<Cid> Order, BlockSource Blocks) Read(byte[] car)
    {
        (IReadOnlyList<Cid> roots, IReadOnlyDictionary<Cid, ReadOnlyMemory<byte>> blocks) = CarReader.ReadAll(car);
        return (roots, CarOrder.Of(car), new BlockSource(blocks));
    }

    private async Task<byte[]> ExportAsync(string query = "") =>
        await (await Server.GetAsync($"com.atproto.sync.getRepo?did={Alice.Did}{query}")).ShouldBeCarAsync();

    private async Task<byte[]> ProveAsync(string rkey) =>
        await (await Server.GetAsync($"com.atproto.sync.getRecord?did={Alice.Did}&collection=com.example.thing&rkey={rkey}")).ShouldBeCarAsync();

    /// <summary>So many records, in commits of at most 150.</summary>
    private async Task<Dictionary<string, string?>> FillAsync(int count)
    {
        var cids = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (int[] chunk in Enumerable.Range(0, count).Chunk(150))
        {
            JsonElement answer = await (await Alice.ApplyAsync([.. chunk.Select(i => RepoClient.Create($"k{i}", new { i }))])).ShouldAnswerAsync();
            foreach (JsonElement result in answer.GetProperty("results").EnumerateArray())
            {
                cids.Add(result.Text("uri")![$"at://{Alice.Did}/".Length..], result.Text("cid"));
            }
        }

        return cids;
    }
}

/// <summary>Blocks of an archive as a source of tree nodes.</summary>
internal sealed class BlockSource(IReadOnlyDictionary<Cid, ReadOnlyMemory<byte>> blocks) : IMstNodeSource
{
    public IReadOnlyDictionary<Cid, ReadOnlyMemory<byte>> Blocks => blocks;

    public MstNode Load(Cid cid) =>
        MstNode.Decode(cid, blocks.TryGetValue(cid, out ReadOnlyMemory<byte> bytes) ? bytes : throw new MissingBlockException(cid), default);
}

/// <summary>The order in which an archive holds its blocks.</summary>
internal static class CarOrder
{
    public static List<Cid> Of(ReadOnlySpan<byte> car)
    {
        var order = new List<Cid>();
        int position = 0;
        int header = ReadVarint(car, ref position);
        position += header;
        while (position < car.Length)
        {
            int length = ReadVarint(car, ref position);
            Assert.That(Cid.TryRead(car.Slice(position, Cid.ByteLength), out Cid cid), Is.True);
            order.Add(cid);
            position += length;
        }

        return order;
    }

    private static int ReadVarint(ReadOnlySpan<byte> car, ref int position)
    {
        int value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte part = car[position++];
            value |= (part & 0x7f) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }
    }
}
