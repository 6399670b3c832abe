using Pds.Domain.DataModel;
using Pds.Domain.Repositories.Mst;

namespace Pds.UnitTests.Repositories.Mst;

/// <summary>The published example trees, bit by bit.</summary>
internal sealed class MstExampleTests
{
    private const string TrivialNode =
        "a2616581a4616b5820636f6d2e6578616d706c652e7265636f72642f336a716663717a6d33666f326a6170006174f66176d82a582500017112209d156bc3f3a5"
        + "20066252c708a9361fd3d089223842500e3713d404fdccb33cef616cf6";

    private const string LeftOfSimple =
        "a2616582a4616b5820636f6d2e6578616d706c652e7265636f72642f336a716663717a6d336670326a6170006174f66176d82a582500017112209d156bc3f3a5"
        + "20066252c708a9361fd3d089223842500e3713d404fdccb33cefa4616b4372326a6170181d6174f66176d82a582500017112209d156bc3f3a520066252c708"
        + "a9361fd3d089223842500e3713d404fdccb33cef616cf6";

    [TestCase("bafyreie5737gdxlw5i64vzichcalba3z2v5n6icifvx5xytvske7mr3hpm", "")]
    [TestCase("bafyreibj4lsc3aqnrvphp5xmrnfoorvru4wynt6lwidqbm2623a6tatzdu", "3fo")]
    [TestCase("bafyreih7wfei65pxzhauoibu3ls7jgmkju4bspy4t2ha2qdjnzqvoy33ai", "3fx")]
    [TestCase("bafyreicmahysq4n6wfuxo522m6dpiy7z7qzym3dzs756t5n7nfdgccwq7m", "3fp 3fr 3fs 3ft 4fc")]
    [TestCase("bafyreifnqrwbk6ffmyaz5qtujqrzf5qmxf7cbxvgzktl4e3gabuxbtatv4", "3fn 3fo 3fp 3fs 3ft 3fu")]
    [TestCase("bafyreie4kjuxbwkhzg2i5dljaswcroeih4dgiqq6pazcmunwt2byd725vi", "3fn 3fo 3fp 3ft 3fu")]
    [TestCase("bafyreiettyludka6fpgp33stwxfuwhkzlur6chs4d2v4nkmq2j3ogpdjem", "3fo 3fp 3fr 3fs 3ft 3fz 4fc 4fd 4ff 4fg 4fh")]
    [TestCase("bafyreid2x5eqs4w4qxvc5jiwda4cien3gw2q6cshofxwnvv7iucrmfohpm", "3fo 3fp 3fr 3fs 3ft 3fz 4fc 4fd 4ff 4fg 4fh 3fx")]
    [TestCase("bafyreidfcktqnfmykz2ps3dbul35pepleq7kvv526g47xahuz3rqtptmky", "3ft 3fz")]
    [TestCase("bafyreiavxaxdz7o7rbvr3zg2liox2yww46t7g6hkehx4i4h3lwudly7dhy", "3ft 3fz 3fx")]
    [TestCase("bafyreig4jv3vuajbsybhyvb7gggvpwh2zszwfyttjrj6qwvcsp24h6popu", "3ft 3fz 3fx 4fd")]
    public void Root_OfPublishedTree_IsItsCid(string root, string names)
    {
        List<string> paths = [.. names.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Path)];

        Cid inserted = MstSamples.TreeOf(paths).Root;
        Cid insertedBackwards = MstSamples.TreeOf(Enumerable.Reverse(paths)).Root;
        Cid built = MstSamples.Build(paths.ToDictionary(p => p, _ => MstSamples.Leaf), MstSamples.Rev1).Root;

        Assert.That(new[] { inserted, insertedBackwards, built }, Is.All.EqualTo(Cid.Parse(root)));
    }

    // Pitfall B 24.
    [Test]
    public void Remove_WhenTopHasNoKeyLeft_TrimsTheRoot()
    {
        MstTree tree = MstSamples.TreeOf("3fn 3fo 3fp 3fs 3ft 3fu".Split(' ').Select(Path));

        Cid root = tree.Remove(Path("3fs")).Seal(MstSamples.Rev2).Root;

        Assert.That(root.ToString(), Is.EqualTo("bafyreie4kjuxbwkhzg2i5dljaswcroeih4dgiqq6pazcmunwt2byd725vi"));
    }

    [Test]
    public void Remove_WhenLayersSplit_JoinsThemAgain()
    {
        MstTree tree = MstSamples.TreeOf("3fo 3fp 3fr 3fs 3ft 3fz 4fc 4fd 4ff 4fg 4fh 3fx".Split(' ').Select(Path));

        Cid root = tree.Remove(Path("3fx")).Seal(MstSamples.Rev2).Root;

        Assert.That(root.ToString(), Is.EqualTo("bafyreiettyludka6fpgp33stwxfuwhkzlur6chs4d2v4nkmq2j3ogpdjem"));
    }

    // Pitfall B 21, 22.
    [Test]
    public void Bytes_OfPublishedNodes_AreTheirs()
    {
        MstNode empty = MstTree.Empty.Seal(MstSamples.Rev1).Unstored().Single();
        MstNode trivial = MstSamples.TreeOf([Path("3fo")]).Unstored().Single();
        MstNode[] simple = [.. MstSamples.TreeOf("3fp 3fr 3fs 3ft 4fc".Split(' ').Select(Path)).Unstored()];

        Assert.Multiple(() =>
        {
            Assert.That(Convert.ToHexStringLower(empty.Bytes.Span), Is.EqualTo("a2616580616cf6"));
            Assert.That(Convert.ToHexStringLower(trivial.Bytes.Span), Is.EqualTo(TrivialNode));
            Assert.That(simple, Has.Length.EqualTo(3));
            Assert.That(Convert.ToHexStringLower(simple[1].Bytes.Span), Is.EqualTo(LeftOfSimple));
            Assert.That(simple[1].Cid.ToString(), Is.EqualTo("bafyreif3sdxmlpkhus4bgjqfxoduedvmgsuhvb2f3kqaoo3hp3pixz3lve"));
            Assert.That(simple[2].Cid.ToString(), Is.EqualTo("bafyreia4qnwap675q3kg5v23fjkapi2afvszmvscmqyh4fxxqwbjrcx3ay"));
        });
    }

    [Test]
    public void Root_OfEmptyTree_IsKnownWithoutSealing()
    {
        Assert.Multiple(() =>
        {
            Assert.That(MstTree.Empty.Root, Is.EqualTo(MstTree.EmptyRoot));
            Assert.That(MstTree.EmptyRoot.ToString(), Is.EqualTo("bafyreie5737gdxlw5i64vzichcalba3z2v5n6icifvx5xytvske7mr3hpm"));
        });
    }

    private static string Path(string name) => $"com.example.record/3jqfcqzm{name}2j";
}
