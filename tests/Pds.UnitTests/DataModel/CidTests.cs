using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Pds.Domain.DataModel;

namespace Pds.UnitTests.DataModel;

internal sealed class CidTests
{
    private const string OfEmptyRaw = "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku";

    private static readonly Arbitrary<Cid> Cids = (
        from bytes in Gen.Choose(0, 255).Select(i => (byte)i).ArrayOf(8)
        from isRaw in Gen.Elements(true, false)
        select isRaw ? Cid.ForRaw(bytes) : Cid.ForDagCbor(bytes)).ToArbitrary();

    [Test]
    public void ForRaw_OfNothing_IsTheWellKnownCid()
    {
        Cid cid = Cid.ForRaw([]);

        Assert.That(cid.ToString(), Is.EqualTo(OfEmptyRaw));
        Assert.That(cid.Codec, Is.EqualTo(CidCodec.Raw));
        Assert.That(cid.Matches([]), Is.True);
        Assert.That(cid.Matches("x"u8), Is.False);
    }

    [Test]
    public void AnyCid_InTextAndBinary_ReadsBack() => Prop.ForAll(Cids, cid =>
    {
        Span<byte> utf8 = stackalloc byte[Cid.TextLength];
        cid.FormatUtf8(utf8);
        return Cid.Parse(cid.ToString()) == cid
            && Cid.TryRead(cid.ToArray(), out Cid read) && read.Equals(cid)
            && Cid.TryParseUtf8(utf8, out Cid parsed) && parsed == cid
            && Encoding.ASCII.GetString(utf8) == cid.ToString();
    }).QuickCheckThrowOnFailure();

    [Test]
    public void AnyTwoCids_OrderIsThatOfTheBytes() => Prop.ForAll(Cids, Cids, (a, b) =>
        Math.Sign(a.CompareTo(b)) == Math.Sign(a.ToArray().AsSpan().SequenceCompareTo(b.ToArray()))
        && (a == b) == (a.CompareTo(b) == 0)).QuickCheckThrowOnFailure();

    [Test]
    public void AnyCid_WithOneCharacterChanged_IsAnotherOrNone() => Prop.ForAll(Cids, Gen.Choose(0, Cid.TextLength - 1).ToArbitrary(), (cid, at) =>
    {
        char[] text = cid.ToString().ToCharArray();
        text[at] = text[at] == 'a' ? 'b' : 'a';
        return !Cid.TryParse(text, out Cid other) || (other != cid && other.ToString() == new string(text));
    }).QuickCheckThrowOnFailure();

    [TestCase("QmbWqxBEKC3P8tqsKc98xmWNzrzDtRLMiMPL8wBuTGsMnR")]
    [TestCase("bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi", Description = "dag-pb.")]
    [TestCase("BAFKREIHDWDCEFGH4DQKJV67UZCMW7OJEE6XEDZDETOJUZJEVTENXQUVYKU")]
    [TestCase(OfEmptyRaw + " ")]
    [TestCase(" " + OfEmptyRaw)]
    [TestCase("cid:" + OfEmptyRaw)]
    [TestCase("zb2rhmy65F3REf8SZp7De11gxtECBGgUKaLdiDj7MCGCHxbDW")]
    [TestCase("")]
    public void TryParse_WhenItIsNoCanonicalCid_IsFalse(string text) => Assert.That(Cid.TryParse(text, out _), Is.False);

    [Test]
    public void TryParse_WhenUnusedBitsAreSet_IsFalse()
    {
        string text = OfEmptyRaw[..^1] + "v";

        Assert.That(Cid.TryParse(text, out _), Is.False);
    }

    [Test]
    public void TryRead_WhenTheLengthIsNotExact_IsFalse()
    {
        byte[] binary = Cid.ForRaw([]).ToArray();

        Assert.That(Cid.TryRead(binary.AsSpan(0, binary.Length - 1), out _), Is.False);
        Assert.That(Cid.TryRead([.. binary, 0], out _), Is.False);
    }

    [Test]
    public void Default_WhenBytesAreNeeded_Throws()
    {
        Assert.That(default(Cid).ToString(), Is.Empty);
        Assert.That(() => default(Cid).ToArray(), Throws.InvalidOperationException);
        Assert.That(default(Cid).Matches([]), Is.False);
        Assert.That(default(Cid), Is.Not.EqualTo(Cid.ForRaw([])));
    }

    [Test]
    public void FromDigest_WhenPartsDoNotFit_Throws()
    {
        Assert.That(() => Cid.FromDigest(CidCodec.Raw, new byte[31]), Throws.ArgumentException);
        Assert.That(() => Cid.FromDigest(CidCodec.None, new byte[32]), Throws.ArgumentException);
    }
}
