using Pds.Domain.Blobs;
using Pds.Domain.DataModel;

namespace Pds.UnitTests.Blobs;

internal sealed class BlobFileTests
{
    [Test]
    public void NewKey_IsTheBase32OfTheBytes()
    {
        string key = BlobFile.NewKey(new byte[BlobFile.KeyBytes]);

        Assert.That(key, Is.EqualTo(new string('a', 52)));
    }

    [Test]
    public void Areas_ShareNoFile()
    {
        Cid cid = Cid.ForRaw([1]);

        Assert.That(new[] { BlobFile.Permanent(cid), BlobFile.Quarantined(cid), BlobFile.Temporary(cid.ToString()) }, Is.Unique);
    }
}
