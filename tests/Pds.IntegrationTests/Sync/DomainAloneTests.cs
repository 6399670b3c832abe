using System.Net.WebSockets;
using DomainAlone;
using Pds.Application.Identity;
using Pds.Application.Sync;
using Pds.Domain.Crypto;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;
using Pds.Domain.Identity;
using Pds.Domain.Repositories;
using Pds.IntegrationTests.Blobs;

namespace Pds.IntegrationTests.Sync;

/// <summary>Somebody who has the Domain alone reads a server's firehose and exports.</summary>
internal sealed class DomainAloneTests : PdsTest
{
    [Test]
    public async Task Follower_OfAServer_ProvesEveryCommit()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        var follower = new Follower(ResolveAsync, Pds.Get<IVerifier>(), TimeProvider.System);
        using var socket = new ClientWebSocket();
        using var done = new CancellationTokenSource();
        await socket.ConnectAsync(new UriBuilder(Pds.Address) { Scheme = "ws", Path = "/xrpc/com.atproto.sync.subscribeRepos", Query = "cursor=0" }.Uri, CancellationToken.None);
        Task following = follower.FollowAsync(socket, done.Token);

        for (int i = 0; i < 12; i++)
        {
            await alice.CreateRecordAsync();
        }

        await BlobRequests.EventuallyAsync(() => follower.Cursor == Pds.Get<IEventLog>().LastSeq);
        await done.CancelAsync();
        Assert.That(async () => await following, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(follower.Heads[alice.Did].Cid, Is.EqualTo(await alice.HeadAsync()));
        Assert.That(follower.OutOfStep, Is.EquivalentTo(follower.Heads.Keys), "each sign-up ends with a sync, which asks to fetch the repository");
    }

    [Test]
    public async Task Archive_OfAServer_VerifiesAndIsWrittenAgainAsItWas()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        for (int i = 0; i < 12; i++)
        {
            await alice.CreateRecordAsync();
        }

        byte[] car = await Pds.Http.GetByteArrayAsync(new Uri($"/xrpc/com.atproto.sync.getRepo?did={alice.Did}", UriKind.Relative));
        RepositoryArchive archive = RepositoryArchive.Open(car);
        ArchivedRecord[] records = [.. archive.ReadRecords()];
        IReadOnlyList<DataMap> verified = await Archives.VerifyAsync(
            new MemoryStream(car), await ResolveAsync(alice.Did, CancellationToken.None), records[0].Path.Collection, Pds.Get<IVerifier>(), CancellationToken.None);
        var tree = Domain.Repositories.Mst.MstTree.Build(records.Select(record => new Domain.Repositories.Mst.MstEntry(record.Path.ToString(), record.Cid)), default);
        IEnumerable<Block> blocks = ArchiveWriter.Blocks(archive.Commit, tree, records.Select(record => new Block(record.Cid, record.Cbor!.Value)));

        Assert.That(verified, Has.Count.EqualTo(12));
        Assert.That(Domain.Repositories.Car.CarWriter.ToArray([archive.Commit.Cid], [.. blocks]), Is.EqualTo(car));
    }

    private async ValueTask<DidDocument> ResolveAsync(Did did, CancellationToken cancellationToken) =>
        await Pds.Get<IDidResolver>().ResolveAsync(did, refresh: false, cancellationToken) ?? throw new FormatException("There is no such DID.");
}
