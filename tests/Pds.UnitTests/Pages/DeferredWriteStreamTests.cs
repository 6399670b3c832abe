using Pds.Api.Pages.Account;

namespace Pds.UnitTests.Pages;

internal sealed class DeferredWriteStreamTests
{
    [Test]
    public async Task Write_WaitsForTheNextAsynchronousWrite_InOrder()
    {
        using MemoryStream target = new();
        await using DeferredWriteStream stream = new(target);

        await stream.WriteAsync(new byte[] { 1 });
        stream.Write([2, 3]);
        stream.Flush();
        long before = target.Length;
        await stream.WriteAsync(new byte[] { 4 });
        stream.Write([5]);
        await stream.FlushAsync();

        Assert.That(before, Is.EqualTo(1));
        Assert.That(target.ToArray(), Is.EqualTo(new byte[] { 1, 2, 3, 4, 5 }));
    }
}
