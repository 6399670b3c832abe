namespace Pds.IntegrationTests.Blobs;

/// <summary>The same contest where a move is a copy and a deletion, and every step takes its time.</summary>
internal sealed class S3BlobRaceTests : BlobRaceContract
{
    private S3Server? _server;

    protected override int Rounds => 20;

    [OneTimeTearDown]
    public async Task StopStoreAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    protected override async Task<PdsApplication> StartAsync()
    {
        _server = await S3Server.StartAsync();
        return await StartAsync(new Dictionary<string, string?>
        {
            ["PDS_BLOBSTORE_S3_BUCKET"] = S3Server.Bucket,
            ["PDS_BLOBSTORE_S3_REGION"] = "us-east-1",
            ["PDS_BLOBSTORE_S3_ENDPOINT"] = _server.Endpoint.ToString(),
            ["PDS_BLOBSTORE_S3_FORCE_PATH_STYLE"] = "true",
            ["PDS_BLOBSTORE_S3_ACCESS_KEY_ID"] = S3Server.AccessKey,
            ["PDS_BLOBSTORE_S3_SECRET_ACCESS_KEY"] = S3Server.AccessKey,
        });
    }
}
