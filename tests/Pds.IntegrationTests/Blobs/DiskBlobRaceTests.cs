namespace Pds.IntegrationTests.Blobs;

/// <summary>The contest on a disk.</summary>
internal sealed class DiskBlobRaceTests : BlobRaceTests
{
    protected override int Rounds => 60;

    protected override Task<PdsApplication> StartAsync() => StartAsync(variables: null);
}
