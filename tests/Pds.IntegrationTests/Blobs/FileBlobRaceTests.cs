namespace Pds.IntegrationTests.Blobs;

internal sealed class FileBlobRaceTests : BlobRaceContract
{
    protected override int Rounds => 60;

    protected override Task<PdsApplication> StartAsync() => StartAsync(variables: null);
}
