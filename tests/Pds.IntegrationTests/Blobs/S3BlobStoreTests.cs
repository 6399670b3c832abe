using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Pds.Application.Blobs;
using Pds.Domain.Blobs;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;
using Pds.Infrastructure.S3;

namespace Pds.IntegrationTests.Blobs;

internal sealed class S3BlobStoreTests : BlobStoreContract
{
    private S3Server _server = null!;
    private S3BlobStore _store = null!;

    protected override IBlobStore Store => _store;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _server = await S3Server.StartAsync();
        _store = new S3BlobStore(OptionsFor(_server.Endpoint), TimeProvider.System);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _store?.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    [Test]
    public async Task Objects_LieUnderTheKeysOfTheOfficialServer()
    {
        Did did = Did.Parse("did:plc:cccccccccccccccccccccccc");
        Cid cid = Cid.ForRaw([1]);
        BlobUpload upload = await _store.PutAsync(did, new MemoryStream([1]), CancellationToken.None);
        List<string> keys = await KeysAsync(did);
        await _store.MoveAsync(did, upload.File, BlobFile.Permanent(cid), CancellationToken.None);
        keys.AddRange(await KeysAsync(did));
        await _store.MoveAsync(did, BlobFile.Permanent(cid), BlobFile.Quarantined(cid), CancellationToken.None);
        keys.AddRange(await KeysAsync(did));

        Assert.That(keys, Is.EqualTo([$"tmp/{did}/{upload.Key}", $"blocks/{did}/{cid}", $"quarantine/{did}/{cid}"]));
    }

    [Test]
    public async Task Put_WhenTheStoreDoesNotAnswer_TimesOut()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        S3BlobOptions options = OptionsFor(new Uri($"http://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}"));
        options.UploadTimeout = TimeSpan.FromMilliseconds(300);
        using var store = new S3BlobStore(options, TimeProvider.System);

        Assert.That(
            async () => await store.PutAsync(Did.Parse("did:plc:dddddddddddddddddddddddd"), new MemoryStream([1]), CancellationToken.None),
            Throws.TypeOf<TimeoutException>());
        await Task.CompletedTask;
    }

    [Test]
    public async Task Server_WithTheVariablesOfTheOfficialServer_KeepsBlobsThere()
    {
        await using PdsApplication pds = await PdsApplication.StartAsync(new Dictionary<string, string?>
        {
            ["PDS_BLOBSTORE_S3_BUCKET"] = S3Server.Bucket,
            ["PDS_BLOBSTORE_S3_REGION"] = "us-east-1",
            ["PDS_BLOBSTORE_S3_ENDPOINT"] = _server.Endpoint.ToString(),
            ["PDS_BLOBSTORE_S3_FORCE_PATH_STYLE"] = "true",
            ["PDS_BLOBSTORE_S3_ACCESS_KEY_ID"] = S3Server.AccessKey,
            ["PDS_BLOBSTORE_S3_SECRET_ACCESS_KEY"] = S3Server.AccessKey,
        });
        using AccountClient alice = await pds.CreateAccountAsync();
        JsonNode blob = await alice.UploadAsync("kept far away"u8.ToArray());
        await alice.CreateNoteAsync(blob);

        HttpResponseMessage whole = await pds.Http.GetBlobAsync(alice, blob.CidOf());
        HttpResponseMessage part = await pds.Http.GetBlobAsync(alice, blob.CidOf(), request => request.Headers.Range = new(5, 7));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await whole.Content.ReadAsStringAsync(), Is.EqualTo("kept far away"));
            Assert.That(await part.Content.ReadAsStringAsync(), Is.EqualTo("far"));
            Assert.That(await KeysAsync(alice.Did), Is.EqualTo([$"blocks/{alice.Did}/{blob.CidOf()}"]));
        }
    }

    protected override async Task<int> CountFilesAsync(Did did) => (await KeysAsync(did)).Count;

    private static S3BlobOptions OptionsFor(Uri endpoint) => new()
    {
        Bucket = S3Server.Bucket,
        Endpoint = endpoint,
        ForcePathStyle = true,
        AccessKeyId = S3Server.AccessKey,
        SecretAccessKey = S3Server.AccessKey,
    };

    private async Task<List<string>> KeysAsync(Did did)
    {
        using var client = new AmazonS3Client(
            new BasicAWSCredentials(S3Server.AccessKey, S3Server.AccessKey),
            new AmazonS3Config { ServiceURL = _server.Endpoint.ToString(), ForcePathStyle = true });
        ListObjectsV2Response all = await client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = S3Server.Bucket });
        return [.. (all.S3Objects ?? []).Select(item => item.Key).Where(key => key.Contains($"/{did}/", StringComparison.Ordinal))];
    }
}
