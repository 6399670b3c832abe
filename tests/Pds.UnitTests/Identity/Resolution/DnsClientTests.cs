using System.Net;
using Pds.Infrastructure.Identity.Dns;
using Pds.UnitTests.Fakes;

namespace Pds.UnitTests.Identity.Resolution;

internal sealed class DnsClientTests
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

    [Test]
    public async Task Query_WhenForgedAnswersComeFirst_WaitsForTheTrueOne()
    {
        using var server = new FakeNameserver((query, _) =>
        {
            byte[] forged = DnsPacket.Answer(query, records: [DnsPacket.Txt(DnsPacket.Asked, "did=did:plc:evil")]);
            forged[0] ^= 0xFF;
            return [[1, 2, 3], forged, DnsPacket.Answer(query, records: [DnsPacket.Txt(DnsPacket.Asked, "did=did:plc:abc")])];
        });

        Assert.That(await QueryAsync(TimeProvider.System, server), Is.EqualTo(["did=did:plc:abc"]));
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

        Task<IReadOnlyList<string>?> asking = new DnsClient(time).QueryTxtAsync(Name, [server.Endpoint], TimeSpan.FromMilliseconds(500), CancellationToken.None);
        await asked.Task;
        time.Advance(TimeSpan.FromMilliseconds(500));

        Assert.That(await asking, Is.Null);
    }

    [Test]
    public async Task Query_WhenThereIsNoServer_IsNull() =>
        Assert.That(await new DnsClient(TimeProvider.System).QueryTxtAsync(Name, [], Long, CancellationToken.None), Is.Null);

    [Test]
    public void Query_WhenCallerGivesUp_IsCanceled()
    {
        using var server = new FakeNameserver((_, _) => []);

        Assert.That(() => new DnsClient(TimeProvider.System).QueryTxtAsync(Name, [server.Endpoint], Long, new CancellationToken(canceled: true)), Throws.InstanceOf<OperationCanceledException>());
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

    private static Task<IReadOnlyList<string>?> QueryAsync(TimeProvider time, params FakeNameserver[] servers) =>
        new DnsClient(time).QueryTxtAsync(Name, [.. servers.Select(server => server.Endpoint)], Long, CancellationToken.None);
}
