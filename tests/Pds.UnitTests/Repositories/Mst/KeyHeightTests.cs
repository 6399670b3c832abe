using System.Text;
using System.Text.Json;
using Pds.Domain.Repositories.Mst;
using Pds.UnitTests.Interop;

namespace Pds.UnitTests.Repositories.Mst;

[Category(SharedData.Category)]
internal sealed class KeyHeightTests
{
    private static IEnumerable<TestCaseData> Published()
    {
        foreach (JsonElement item in MstFixtures.Items("mst/key_heights.json"))
        {
            yield return new TestCaseData(item.GetProperty("key").GetString(), item.GetProperty("height").GetInt32());
        }
    }

    // Pitfall B 23.
    [TestCaseSource(nameof(Published))]
    [TestCase("", 0)]
    [TestCase("asdf", 0)]
    [TestCase("blue", 1)]
    [TestCase("2653ae71", 0)]
    [TestCase("88bfafc7", 2)]
    [TestCase("2a92d355", 4)]
    [TestCase("884976f5", 6)]
    [TestCase("app.bsky.feed.post/454397e440ec", 4)]
    [TestCase("app.bsky.feed.post/9adeb165882c", 8)]
    public void Of_WhenKeyIsPublished_IsItsHeight(string key, int height)
    {
        Assert.That(KeyHeight.Of(Encoding.UTF8.GetBytes(key)), Is.EqualTo(height));
    }

    [TestCaseSource(typeof(InteropLines), nameof(InteropLines.Of), new object[] { "mst/example_keys.txt" })]
    public void Of_WhenKeyIsAnExample_IsTheDigitAfterTheLetter(string key)
    {
        Assert.That(KeyHeight.Of(Encoding.UTF8.GetBytes(key)), Is.EqualTo(key[1] - '0'));
    }
}
