using Pds.Application.Proxying;

namespace Pds.UnitTests.Proxying;

internal sealed class AnswerBodyTests
{
    [TestCase("br")]
    [TestCase("gzip")]
    [TestCase("deflate")]
    [TestCase("zstd")]
    public async Task Reading_WhenTheBodyIsNotInItsCoding_GivesNothing(string coding)
    {
        byte[] body = [.. Enumerable.Repeat((byte)0xff, 64)];
        await using ServiceAnswer answer = new(200, new Dictionary<string, string>(StringComparer.Ordinal) { ["content-encoding"] = coding }, new MemoryStream(body));

        byte[]? whole = await AnswerBody.DecodeAsync(answer, body, 1000, CancellationToken.None);
        byte[]? streamed = await AnswerBody.ReadDecodedAsync(answer, 1000, CancellationToken.None);

        Assert.That((whole, streamed), Is.EqualTo(((byte[]?)null, (byte[]?)null)));
    }
}
