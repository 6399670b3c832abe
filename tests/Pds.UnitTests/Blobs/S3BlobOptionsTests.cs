using Pds.Infrastructure.S3;

namespace Pds.UnitTests.Blobs;

internal sealed class S3BlobOptionsTests
{
    [Test]
    public void Validate_WhenComplete_Succeeds() => Assert.That(new S3BlobOptionsValidator().Validate(null, new() { Bucket = "blobs" }).Succeeded, Is.True);

    [Test]
    public void Validate_WhenSeveralThingsAreWrong_NamesThemAll()
    {
        var options = new S3BlobOptions { AccessKeyId = "id", UploadTimeout = TimeSpan.Zero };

        IEnumerable<string>? faults = new S3BlobOptionsValidator().Validate(null, options).Failures;

        Assert.That(faults!.Count(), Is.EqualTo(3));
    }

    [TestCase(1, 6)]
    [TestCase(10, 10)]
    [TestCase(20, 15)]
    public void IdleTimeout_WhenNotSet_FollowsTheUploads(int upload, int expected) =>
        Assert.That(new S3BlobOptions { UploadTimeout = TimeSpan.FromSeconds(upload) }.IdleTimeout, Is.EqualTo(TimeSpan.FromSeconds(expected)));
}
