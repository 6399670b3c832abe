using System.Text;
using System.Text.Json;
using Pds.Domain.Repositories.Mst;

namespace Pds.UnitTests.Repositories.Mst;

[Category(SharedData.Category)]
internal sealed class MstKeyTests
{
    private static IEnumerable<TestCaseData> CommonPrefixes()
    {
        foreach (JsonElement item in MstFixtures.Items("mst/common_prefix.json"))
        {
            yield return new TestCaseData(
                item.GetProperty("left").GetString(), item.GetProperty("right").GetString(), item.GetProperty("len").GetInt32());
        }
    }

    [TestCaseSource(nameof(CommonPrefixes))]
    [TestCase("abcde", "abb", 2)]
    [TestCase("", "abc", 0)]
    public void CommonPrefix_OfTwoKeys_CountsSharedBytes(string left, string right, int length)
    {
        int actual = MstKey.CommonPrefix(Encoding.UTF8.GetBytes(left), Encoding.UTF8.GetBytes(right));

        Assert.That(actual, Is.EqualTo(length));
    }

    [TestCase("")]
    [TestCase("asdf")]
    [TestCase("nested/collection/asdf")]
    [TestCase("coll/")]
    [TestCase("/rkey")]
    [TestCase("/")]
    [TestCase("coll/jalapeñoA")]
    [TestCase("coll/coöperative")]
    [TestCase("coll/abc💩")]
    [TestCase("coll/key$")]
    [TestCase("coll/key%")]
    [TestCase("coll/key(")]
    [TestCase("coll/key)")]
    [TestCase("coll/key+")]
    [TestCase("coll/key=")]
    [TestCase("coll/@handle")]
    [TestCase("coll/any space")]
    [TestCase("coll/#extra")]
    [TestCase("coll/number[3]")]
    [TestCase("coll/dHJ1ZQ==")]
    [TestCase("coll/\"quote\"")]
    [TestCase("coll/line\n")]
    [TestCase("coll/nul\0")]
    public void Insert_WhenPathIsNone_IsRefused(string path)
    {
        MstTree tree = MstSamples.TreeOf(["coll/self"]);

        Assert.Multiple(() =>
        {
            Assert.That(() => tree.Insert(path, MstSamples.Leaf), Throws.ArgumentException);
            Assert.That(tree.TryGet(path, out _), Is.False);
            Assert.That(() => tree.Proof(path), Throws.ArgumentException);
        });
    }

    [TestCase("coll/3jui7kd54zh2y")]
    [TestCase("coll/self")]
    [TestCase("coll/example.com")]
    [TestCase("com.example/rkey")]
    [TestCase("coll/~1.2-3_")]
    [TestCase("coll/dHJ1ZQ")]
    [TestCase("coll/pre:fix")]
    [TestCase("coll/_")]
    public void Insert_WhenPathIsOne_IsFound(string path)
    {
        MstTree tree = MstTree.Empty.Insert(path, MstSamples.Leaf);

        Assert.That(tree.TryGet(path, out _), Is.True);
    }

    [Test]
    public void Insert_WhenPathHasGreatestLength_IsFoundAndOneMoreIsRefused()
    {
        string longest = "coll/" + new string('a', MstKey.MaxLength - 5);

        MstTree tree = MstTree.Empty.Insert(longest, MstSamples.Leaf);

        Assert.Multiple(() =>
        {
            Assert.That(tree.TryGet(longest, out _), Is.True);
            Assert.That(tree.TryGet(longest + "a", out _), Is.False);
            Assert.That(() => tree.Insert(longest + "a", MstSamples.Leaf), Throws.ArgumentException);
        });
    }
}
