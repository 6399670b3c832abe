using System.Text.Json;
using Pds.Domain.Crypto;

namespace Pds.UnitTests.Crypto;

[Category(SharedData.Category)]
internal sealed class PublicKeyTests
{
    private const string P256DidKey = "did:key:zDnaeTiq1PdzvZXUaMdezchcMJQpBdH2VN4pgrrEhMCCbmwSb";

    [Test]
    public void DidKey_OfInteropPrivateKeys_IsTheirs()
    {
        foreach (JsonElement key in CryptoFixtures.Read("w3c_didkey_K256.json"))
        {
            byte[] scalar = Convert.FromHexString(key.GetProperty("privateKeyBytesHex").GetString()!);

            ISigner signer = GivenKeys.Factory.CreateSigner(KeyCurve.Secp256k1, scalar);

            Assert.That(signer.PublicKey.ToDidKey(), Is.EqualTo(key.GetProperty("publicDidKey").GetString()));
        }

        foreach (JsonElement key in CryptoFixtures.Read("w3c_didkey_P256.json"))
        {
            Assert.That(Base58.TryDecode(key.GetProperty("privateKeyBytesBase58").GetString(), out byte[] scalar), Is.True);

            ISigner signer = GivenKeys.Factory.CreateSigner(KeyCurve.P256, scalar);

            Assert.That(signer.PublicKey.ToDidKey(), Is.EqualTo(key.GetProperty("publicDidKey").GetString()));
        }
    }

    [TestCase(GivenKeys.RotationDidKey, KeyCurve.Secp256k1, "ES256K")]
    [TestCase(P256DidKey, KeyCurve.P256, "ES256")]
    public void TryParseDidKey_WhenCurveIsKnown_TellsCurveAndAlgorithm(string text, KeyCurve curve, string algorithm)
    {
        bool parsed = PublicKey.TryParseDidKey(text, out PublicKey? key);

        Assert.That(parsed, Is.True);
        Assert.That(key!.Curve, Is.EqualTo(curve));
        Assert.That(key.JwtAlgorithm, Is.EqualTo(algorithm));
        Assert.That(key.ToDidKey(), Is.EqualTo(text));
        Assert.That(PublicKey.FromCompressed(curve, key.Compressed), Is.EqualTo(key));
        Assert.That(PublicKey.TryParseMultikey(text["did:key:".Length..], out PublicKey? same) && same.Equals(key) && same.GetHashCode() == key.GetHashCode(), Is.True);
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("did:key:")]
    [TestCase("did:key:z")]
    [TestCase("did:key:zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBm")]
    [TestCase("did:key:QmQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme")]
    [TestCase("DID:KEY:zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme")]
    [TestCase(" did:key:zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme")]
    [TestCase("did:key:zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme\n")]
    [TestCase("did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK", Description = "Ed25519")]
    public void TryParseDidKey_WhenTextIsNoKeyOfOurs_IsFalse(string? text)
    {
        Assert.That(PublicKey.TryParseDidKey(text, out PublicKey? key), Is.False);
        Assert.That(key, Is.Null);
    }

    [Test]
    public void TryParseMultikey_WhenPointHasAnotherForm_IsFalse()
    {
        byte[] compressed = GivenKeys.Rotation().PublicKey.Compressed.ToArray();
        byte[] wrongPrefix = [0xe7, 0x01, 4, .. compressed.AsSpan(1)];
        byte[] noPoint = [0xe7, 0x01];
        byte[] tooLong = [0xe7, 0x01, .. compressed, 0];

        foreach (byte[] bytes in new[] { wrongPrefix, noPoint, tooLong })
        {
            Assert.That(PublicKey.TryParseMultikey("z" + Base58.Encode(bytes), out _), Is.False);
        }
    }

    [Test]
    public void TryParseLegacyMultibase_WhenPointIsUncompressed_CompressesIt()
    {
        // Two times the generator of secp256k1, which has an even y.
        byte[] point = Convert.FromHexString(
            "04c6047f9441ed7d6d3045406e95c07cd85c778e4b8cef3ca7abac09b95c709ee51ae168fea63dc339a3c58419466ceaeef7f632653266d0e1236431a950cfe52a");

        bool parsed = PublicKey.TryParseLegacyMultibase(KeyCurve.Secp256k1, "z" + Base58.Encode(point), out PublicKey? key);

        Assert.That(parsed, Is.True);
        Assert.That(key!.ToDidKey(), Is.EqualTo(GivenKeys.SigningDidKey));
    }

    [Test]
    public void TryParseLegacyMultibase_WhenPointIsCompressed_TakesIt()
    {
        PublicKey key = GivenKeys.Small(5, KeyCurve.P256).PublicKey;

        bool parsed = PublicKey.TryParseLegacyMultibase(KeyCurve.P256, "z" + Base58.Encode(key.Compressed), out PublicKey? same);

        Assert.That(parsed, Is.True);
        Assert.That(same, Is.EqualTo(key));
    }

    [Test]
    public void TryParseLegacyMultibase_WhenTextIsAMultikey_IsFalse() =>
        Assert.That(PublicKey.TryParseLegacyMultibase(KeyCurve.Secp256k1, GivenKeys.RotationDidKey["did:key:".Length..], out _), Is.False);

    [Test]
    public void FromCompressed_WhenPointIsUncompressed_Throws()
    {
        byte[] point = new byte[PublicKey.UncompressedLength];
        point[0] = 4;

        Assert.That(() => PublicKey.FromCompressed(KeyCurve.P256, point), Throws.ArgumentException);
    }

    [Test]
    public void Parsers_WhenTextIsRandom_NeverThrow()
    {
        Random random = new(1);
        for (int i = 0; i < 20_000; i++)
        {
            char[] text = (i % 2 == 0 ? GivenKeys.RotationDidKey : P256DidKey).ToCharArray();
            for (int edits = random.Next(1, 4); edits > 0; edits--)
            {
                text[random.Next(text.Length)] = (char)random.Next(0x20, 0x180);
            }

            string damaged = new(text.AsSpan(0, random.Next(text.Length + 1)));
            bool parsed = PublicKey.TryParseDidKey(damaged, out PublicKey? key);
            _ = PublicKey.TryParseMultikey(damaged, out _);
            _ = PublicKey.TryParseLegacyMultibase(KeyCurve.P256, damaged, out _);

            Assert.That(!parsed || key!.ToDidKey() == damaged, Is.True, damaged);
        }
    }
}
