using System.Text.Json;
using Pds.Cryptography;
using Pds.Domain.Crypto;

namespace Pds.UnitTests.Crypto;

[Category(SharedData.Category)]
[TestFixtureSource(typeof(GivenSecp256k1), nameof(GivenSecp256k1.Names))]
internal sealed class VerifierTests(string implementation)
{
    private readonly Verifier _verifier = new(GivenSecp256k1.By(implementation));

    [Test]
    public void Verify_OfInteropSignatures_JudgesAsTheySay()
    {
        foreach (JsonElement fixture in CryptoFixtures.Read("signature-fixtures.json"))
        {
            Assert.That(PublicKey.TryParseDidKey(fixture.GetProperty("publicKeyDid").GetString(), out PublicKey? key), Is.True);

            bool good = _verifier.Verify(key!, fixture.Base64("messageBase64"), fixture.Base64("signatureBase64"));

            Assert.That(good, Is.EqualTo(fixture.GetProperty("validSignature").GetBoolean()), fixture.GetProperty("comment").GetString());
            Assert.That(key!.JwtAlgorithm, Is.EqualTo(fixture.GetProperty("algorithm").GetString()));
        }
    }

    // Pitfall D 78.
    [Test]
    public void VerifyMalleable_OfInteropSignatures_TakesHighSButNotDer()
    {
        foreach (JsonElement fixture in CryptoFixtures.Read("signature-fixtures.json"))
        {
            Assert.That(PublicKey.TryParseDidKey(fixture.GetProperty("publicKeyDid").GetString(), out PublicKey? key), Is.True);
            bool isDer = fixture.GetProperty("tags").EnumerateArray().Any(tag => tag.GetString() == "der-encoded");

            bool good = _verifier.VerifyMalleable(key!, fixture.Base64("messageBase64"), fixture.Base64("signatureBase64"));

            Assert.That(good, Is.EqualTo(!isDer), fixture.GetProperty("comment").GetString());
        }
    }

    [Test]
    public void TryParseLegacyMultibase_OfInteropKeys_GivesTheDidKey()
    {
        foreach (JsonElement fixture in CryptoFixtures.Read("signature-fixtures.json"))
        {
            KeyCurve curve = fixture.GetProperty("algorithm").GetString() == "ES256" ? KeyCurve.P256 : KeyCurve.Secp256k1;

            bool parsed = PublicKey.TryParseLegacyMultibase(curve, fixture.GetProperty("publicKeyMultibase").GetString(), out PublicKey? key);

            Assert.That(parsed, Is.True);
            Assert.That(key!.ToDidKey(), Is.EqualTo(fixture.GetProperty("publicKeyDid").GetString()));
        }
    }

    [TestCase(KeyCurve.Secp256k1)]
    [TestCase(KeyCurve.P256)]
    public void Verify_WhenAnythingIsAltered_IsFalse(KeyCurve curve)
    {
        ISigner signer = GivenKeys.Factory.CreateSigner(curve, GivenKeys.Factory.Generate(curve));
        byte[] message = "something to sign"u8.ToArray();
        byte[] signature = signer.Sign(message);

        Assert.That(_verifier.Verify(signer.PublicKey, message, signature), Is.True);
        Assert.That(_verifier.Verify(GivenKeys.Small(9, curve).PublicKey, message, signature), Is.False);
        Assert.That(_verifier.Verify(signer.PublicKey, "something else"u8, signature), Is.False);
        for (int i = 0; i < signature.Length; i++)
        {
            byte[] altered = [.. signature];
            altered[i] ^= 1;
            Assert.That(_verifier.VerifyMalleable(signer.PublicKey, message, altered), Is.False);
        }
    }

    [TestCase(KeyCurve.Secp256k1)]
    [TestCase(KeyCurve.P256)]
    public void Verify_WhenSignatureIsOfImpossibleForm_IsFalse(KeyCurve curve)
    {
        PublicKey key = GivenKeys.Small(7, curve).PublicKey;
        byte[] ones = new byte[ISigner.SignatureLength];
        ones.AsSpan().Fill(0xff);

        foreach (byte[] signature in new[] { [], new byte[63], new byte[ISigner.SignatureLength], new byte[65], ones })
        {
            Assert.That(_verifier.Verify(key, "m"u8, signature), Is.False);
            Assert.That(_verifier.VerifyMalleable(key, "m"u8, signature), Is.False);
        }
    }

    [TestCase(KeyCurve.Secp256k1)]
    [TestCase(KeyCurve.P256)]
    public void Verify_WhenKeyIsNoPointOfTheCurve_IsFalse(KeyCurve curve)
    {
        byte[] signature = GivenKeys.Small(7, curve).Sign("m"u8);
        byte[] beyondTheField = [2, .. Enumerable.Repeat((byte)0xff, 32)];
        Random random = new(7);

        Assert.That(_verifier.Verify(PublicKey.FromCompressed(curve, beyondTheField), "m"u8, signature), Is.False);
        for (int i = 0; i < 50; i++) // half of all x belong to no point
        {
            byte[] point = new byte[PublicKey.CompressedLength];
            random.NextBytes(point);
            point[0] = (byte)(2 + (i & 1));
            Assert.That(_verifier.VerifyMalleable(PublicKey.FromCompressed(curve, point), "m"u8, signature), Is.False);
        }
    }

    [Test]
    public void Verify_WhenKeyIsOfTheOtherCurve_IsFalse()
    {
        ISigner signer = GivenKeys.Rotation();
        byte[] signature = signer.Sign("m"u8);

        Assert.That(_verifier.Verify(PublicKey.FromCompressed(KeyCurve.P256, signer.PublicKey.Compressed), "m"u8, signature), Is.False);
    }

    [TestCase(KeyCurve.Secp256k1)]
    [TestCase(KeyCurve.P256)]
    public void Verify_WhenCalledSideBySide_JudgesRight(KeyCurve curve)
    {
        ISigner signer = GivenKeys.Small(11, curve);

        Parallel.For(0, 200, i =>
        {
            byte[] message = BitConverter.GetBytes(i);
            byte[] signature = signer.Sign(message);
            Assert.That(_verifier.Verify(signer.PublicKey, message, signature), Is.True);
            Assert.That(_verifier.Verify(signer.PublicKey, [1, .. message], signature), Is.False);
        });
    }
}
