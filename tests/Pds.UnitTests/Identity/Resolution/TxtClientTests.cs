using System.Net;
using Pds.Infrastructure.Identity;
using Pds.UnitTests.Fakes;

namespace Pds.UnitTests.Identity.Resolution;

internal sealed class TxtClientTests
{
    private const string Name = "_atproto.alice.example.com";

    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    [Test]
    public async Task Query_WhenServerAnswers_GivesTheTexts()
    {
        using var server = new FakeNameserver((query, _) => [DnsPacket.Answer(query, records: [DnsPacket.Txt(DnsPacket.Asked, "did=did:plc:abc")])]);

        IReadOnlyList<string>? texts = await QueryAsync(TimeProvider.System, server);

        Assert.That(texts, Is.EqualTo(["did=did:plc:abc"]));
    }

    [Test]
    public async Task Query_WhenNameDoesNotExist_IsEmpty()
    {
        using var server = new FakeNameserver((query, _) => [DnsPacket.Answer(query, code: 3)]);

        Assert.That(await QueryAsync(TimeProvider.System, server), Is.Empty);
    }

    [Test]
    public async Task Query_WhenAnswerIsTruncated_AsksByTcp()
    {
        string[] many = [.. Enumerable.Range(0, 20).Select(i => $"{i}-{new string('x', 200)}")];
        using var server = new FakeNameserver((query, isTcp) =>
            [isTcp ? DnsPacket.Answer(query, records: [.. many.Select(text => DnsPacket.Txt(DnsPacket.Asked, text))]) : DnsPacket.Answer(query, truncated: true)]);

        Assert.That(await QueryAsync(TimeProvider.System, server), Is.EqualTo(many));
    }

    [TestCase(0, 0xFF)] // another id
    [TestCase(14, 0x02)] // another name
    [TestCase(41, 0x11)] // another type
    public async Task Query_WhenAnswersAreForged_TakesNoneOfThem(int position, int change)
    {
        using var server = new FakeNameserver((query, _) =>
        {
            byte[] forged = DnsPacket.Answer(query, records: [DnsPacket.Txt(DnsPacket.Asked, "did=did:plc:evil")]);
            forged[position] ^= (byte)change;
            return [forged];
        });

        Assert.That(await QueryAsync(TimeProvider.System, server), Is.Null.Or.Empty);
    }

    // Pitfall G 141.
    [Test]
    public async Task Query_WhenTextIsInChunks_JoinsThem()
    {
        byte[][] records = [DnsPacket.Txt(DnsPacket.Asked, "did=did:plc:", "abc"), DnsPacket.Txt(DnsPacket.Name(Name), "other")];

        Assert.That(await QueryAsync(records), Is.EqualTo(["did=did:plc:abc", "other"]));
    }

    [Test]
    public async Task Query_WhenNameIsAnAlias_FollowsIt()
    {
        byte[] target = DnsPacket.Name("other.example.net");

        Assert.That(await QueryAsync(DnsPacket.Cname(DnsPacket.Asked, target), DnsPacket.Txt(target, "yes")), Is.EqualTo(["yes"]));
    }

    [Test]
    public async Task Query_WhenAliasesGoInCircles_IsEmpty() =>
        Assert.That(await QueryAsync(DnsPacket.Cname(DnsPacket.Asked, DnsPacket.Asked), DnsPacket.Txt(DnsPacket.Name("elsewhere.net"), "no")), Is.Empty);

    [Test]
    public async Task Query_WhenRecordIsOfAnotherName_LeavesItOut() =>
        Assert.That(await QueryAsync(DnsPacket.Txt(DnsPacket.Name("mallory.example"), "did=did:plc:evil")), Is.Empty);

    [Test]
    public async Task Query_WhenCaseOfTheNameDiffers_TakesIt() =>
        Assert.That(await QueryAsync(DnsPacket.Txt(DnsPacket.Name(Name.ToUpperInvariant()), "x")), Is.EqualTo(["x"]));

    [Test]
    public async Task Query_WhenAnswerIsMalformed_IsNull([Values] Malformed malformed)
    {
        using var server = new FakeNameserver((query, _) => [Answer(query, malformed)]);

        Assert.That(await QueryAsync(TimeProvider.System, server), Is.Null.Or.Empty);
    }

    [Test]
    public async Task Query_WhenServerDoesNotKnowEdns_AsksWithout()
    {
        using var server = new FakeNameserver((query, _) =>
            [query[11] == 1 ? [query[0], query[1], 0x81, 0x81, 0, 0, 0, 0, 0, 0, 0, 0] : DnsPacket.Answer(query, records: [DnsPacket.Txt(DnsPacket.Asked, "old")])]);

        Assert.That(await QueryAsync(TimeProvider.System, server), Is.EqualTo(["old"]));
    }

    [Test]
    public async Task Query_WhenFirstServerFails_AsksTheNext()
    {
        using var broken = new FakeNameserver((query, _) => [DnsPacket.Answer(query, code: 2)]);
        using var good = new FakeNameserver((query, _) => [DnsPacket.Answer(query, records: [DnsPacket.Txt(DnsPacket.Asked, "x")])]);

        Assert.That(await QueryAsync(TimeProvider.System, broken, good), Is.EqualTo(["x"]));
    }

    [Test]
    public async Task Query_WhenFirstDatagramIsLost_AsksAgainWithAnotherIdAndPort()
    {
        var time = new ManualTime();
        int count = 0;
        var lost = new TaskCompletionSource();
        using var server = new FakeNameserver((query, _) =>
        {
            if (++count == 1)
            {
                lost.SetResult();
                return [];
            }

            return [DnsPacket.Answer(query, records: [DnsPacket.Txt(DnsPacket.Asked, "x")])];
        });

        Task<IReadOnlyList<string>?> asking = QueryAsync(time, server);
        await lost.Task;
        time.Advance(TimeSpan.FromSeconds(1));

        Assert.That(await asking, Is.EqualTo(["x"]));
        (byte[] Query, int SourcePort)[] queries = [.. server.Queries];
        Assert.That((queries[0].Query[0], queries[0].Query[1], queries[0].SourcePort), Is.Not.EqualTo((queries[1].Query[0], queries[1].Query[1], queries[1].SourcePort)));
    }

    [Test]
    public async Task Query_WhenTimeIsOver_IsNull()
    {
        var time = new ManualTime();
        var asked = new TaskCompletionSource();
        using var server = new FakeNameserver((_, _) =>
        {
            asked.TrySetResult();
            return [];
        });

        Task<IReadOnlyList<string>?> asking = new TxtClient(time).QueryAsync(Name, [server.Endpoint], TimeSpan.FromMilliseconds(500), CancellationToken.None);
        await asked.Task;
        time.Advance(TimeSpan.FromMilliseconds(500));

        Assert.That(await asking, Is.Null);
    }

    [Test]
    public async Task Query_WhenThereIsNoServer_IsNull() =>
        Assert.That(await new TxtClient(TimeProvider.System).QueryAsync(Name, [], Long, CancellationToken.None), Is.Null);

    [Test]
    public void Query_WhenCallerGivesUp_IsCanceled()
    {
        using var server = new FakeNameserver((_, _) => []);

        Assert.That(() => new TxtClient(TimeProvider.System).QueryAsync(Name, [server.Endpoint], Long, new CancellationToken(canceled: true)), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void ParseResolvConf_ReadsNameserverLines()
    {
        IReadOnlyList<IPEndPoint> servers = Nameservers.ParseResolvConf(["# nameserver 9.9.9.9", "search lan", "nameserver 192.168.0.1", "nameserver\t2001:4860:4860::8888 # google", "nameserver rubbish"]);

        Assert.That(servers, Is.EqualTo([new IPEndPoint(IPAddress.Parse("192.168.0.1"), 53), new IPEndPoint(IPAddress.Parse("2001:4860:4860::8888"), 53)]));
    }

    [Test]
    public void ParseResolvConf_WhenThereIsNone_IsThisMachine() =>
        Assert.That(Nameservers.ParseResolvConf(["search lan"]), Is.EqualTo([new IPEndPoint(IPAddress.Loopback, 53)]));

    [Test]
    public async Task ResolveNameservers_TakesAddressesAndPorts()
    {
        IReadOnlyList<IPEndPoint> servers = await Nameservers.ResolveAsync(["127.0.0.53", "127.0.0.1:5353", "[::1]:54"], CancellationToken.None);

        Assert.That(servers, Is.EqualTo([IPEndPoint.Parse("127.0.0.53:53"), IPEndPoint.Parse("127.0.0.1:5353"), IPEndPoint.Parse("[::1]:54")]));
    }

    private static async Task<IReadOnlyList<string>?> QueryAsync(params byte[][] records)
    {
        using var server = new FakeNameserver((query, _) => [DnsPacket.Answer(query, records: records)]);
        return await QueryAsync(TimeProvider.System, server);
    }

    private static byte[] Answer(byte[] query, Malformed malformed) => malformed switch
    {
        Malformed.Short => [.. query[..2], 0x81],
        Malformed.Cut => DnsPacket.Answer(query, records: [DnsPacket.Txt(DnsPacket.Asked, "x")])[..^1],
        Malformed.MoreRecordsThanThereAre => [.. DnsPacket.Answer(query, records: [DnsPacket.Txt(DnsPacket.Asked, "x")])[..7], 2, .. DnsPacket.Answer(query, records: [DnsPacket.Txt(DnsPacket.Asked, "x")])[8..]],
        Malformed.PointerToItself => DnsPacket.Answer(query, records: [DnsPacket.Txt([0xC0, (byte)(12 + Name.Length + 2 + 4)], "x")]),
        Malformed.ChunkLongerThanItsRecord => DnsPacket.Answer(query, records: [DnsPacket.Record(DnsPacket.Asked, type: 16, [5, (byte)'x'])]),
        _ => throw new ArgumentOutOfRangeException(nameof(malformed)),
    };

    private static Task<IReadOnlyList<string>?> QueryAsync(TimeProvider time, params FakeNameserver[] servers) =>
        new TxtClient(time).QueryAsync(Name, [.. servers.Select(server => server.Endpoint)], Long, CancellationToken.None);

    internal enum Malformed
    {
        Short,
        Cut,
        MoreRecordsThanThereAre,
        PointerToItself,
        ChunkLongerThanItsRecord,
    }
}
