using System.Security.Cryptography;
using Pds.Cryptography;
using Pds.Domain.Crypto;
using Pds.Infrastructure.Crypto;

namespace Pds.UnitTests.Crypto;

internal sealed class SignerTests
{
    private const string UnsignedCommit =
        "a56364696478206469643a706c633a65777669376e787a796f756e367a687872687336346f697a637265766d336a7a6663696a706a327a32616464617461" +
        "d82a582500017112209dfefe61dd76ea3dcae5023880b08379d57adf20482d6fdbe2759289f647677b6470726576f66776657273696f6e03";

    private const string CommitSignature =
        "972615ae31dfd33e9a484084e32ebb42fdad5c92d0811595a784715c8ced1f76377c79dedbb59a94f01948befb6e012c508c087af16e4d1c29dd62e752515f12";

    [TestCaseSource(typeof(GivenSecp256k1), nameof(GivenSecp256k1.Names))]
    public void Sign_OfTheExampleCommit_GivesItsSignature(string implementation)
    {
        ISigner signer = GivenSecp256k1.By(implementation).CreateSigner(GivenKeys.RotationScalar);

        byte[] signature = signer.Sign(Convert.FromHexString(UnsignedCommit));

        Assert.That(signer.PublicKey.ToDidKey(), Is.EqualTo(GivenKeys.RotationDidKey));
        Assert.That(Convert.ToHexStringLower(signature), Is.EqualTo(CommitSignature));
    }

    [Test]
    public void Sign_ByLibraryAndManaged_GivesTheSameBytes()
    {
        Secp256k1 native = GivenSecp256k1.By("libsecp256k1");
        Secp256k1 managed = GivenSecp256k1.By("BouncyCastle");

        for (int i = 0; i < 200; i++)
        {
            byte[] scalar = GivenKeys.Factory.Generate(KeyCurve.Secp256k1);
            byte[] message = RandomNumberGenerator.GetBytes(i);
            ISigner ours = native.CreateSigner(scalar);
            ISigner theirs = managed.CreateSigner(scalar);

            byte[] signature = ours.Sign(message);

            Assert.That(ours.PublicKey, Is.EqualTo(theirs.PublicKey));
            Assert.That(signature, Is.EqualTo(theirs.Sign(message)), Convert.ToHexString(scalar));
            Assert.That(native.Verify(theirs.PublicKey, SHA256.HashData(message), signature, malleable: false), Is.True);
            Assert.That(managed.Verify(ours.PublicKey, SHA256.HashData(message), signature, malleable: false), Is.True);
        }
    }

    [Test]
    public void Sign_WhenScalarIsAtTheEdge_GivesTheSameBytes()
    {
        Secp256k1 native = GivenSecp256k1.By("libsecp256k1");
        Secp256k1 managed = GivenSecp256k1.By("BouncyCastle");
        byte[] largest = Convert.FromHexString("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364140");
        byte[] smallest = new byte[32];
        smallest[31] = 1;

        foreach (byte[] scalar in new[] { smallest, largest })
        {
            Assert.That(native.CreateSigner(scalar).Sign("m"u8), Is.EqualTo(managed.CreateSigner(scalar).Sign("m"u8)));
        }
    }

    // Pitfall B 26.
    [TestCase(KeyCurve.Secp256k1)]
    [TestCase(KeyCurve.P256)]
    public void Sign_AlwaysGivesLowS(KeyCurve curve)
    {
        ISigner signer = GivenKeys.Small(3, curve);

        for (int i = 0; i < 64; i++)
        {
            byte[] message = BitConverter.GetBytes(i);
            byte[] signature = signer.Sign(message);

            Assert.That(CurveOrder.IsHighS(curve, signature), Is.False);
            Assert.That(GivenKeys.Verifier.Verify(signer.PublicKey, message, signature), Is.True);
        }
    }

    [Test]
    public void Sign_WhenSpanIsLonger_LeavesTheRestAlone([Values] KeyCurve curve, [ValueSource(typeof(GivenSecp256k1), nameof(GivenSecp256k1.Names))] string implementation)
    {
        ISigner signer = new KeyFactory(GivenSecp256k1.By(implementation)).CreateSigner(curve, GivenKeys.RotationScalar);
        byte[] room = new byte[ISigner.SignatureLength + 8];
        room.AsSpan().Fill(0xaa);

        signer.Sign("m"u8, room);

        Assert.That(room[ISigner.SignatureLength..], Is.All.EqualTo(0xaa));
        Assert.That(GivenKeys.Verifier.Verify(signer.PublicKey, "m"u8, room.AsSpan(0, ISigner.SignatureLength)), Is.True);
    }

    [Test]
    public void Sign_WhenSpanIsTooShort_Throws([Values] KeyCurve curve, [ValueSource(typeof(GivenSecp256k1), nameof(GivenSecp256k1.Names))] string implementation)
    {
        ISigner signer = new KeyFactory(GivenSecp256k1.By(implementation)).CreateSigner(curve, GivenKeys.RotationScalar);

        Assert.That(() => signer.Sign("m"u8, new byte[63]), Throws.InstanceOf<ArgumentException>());
    }

    [Test]
    public void CreateSigner_WhenKeyIsNoScalar_Throws([Values] KeyCurve curve)
    {
        string order = curve == KeyCurve.Secp256k1
            ? "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141"
            : "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";

        foreach (byte[] key in new[] { [], new byte[31], new byte[32], new byte[33], Convert.FromHexString(order) })
        {
            Assert.That(() => GivenKeys.Factory.CreateSigner(curve, key), Throws.ArgumentException);
        }
    }

    [Test]
    public void Generate_GivesDifferentUsableKeys([Values] KeyCurve curve)
    {
        byte[] first = GivenKeys.Factory.Generate(curve);
        byte[] second = GivenKeys.Factory.Generate(curve);

        Assert.That(first, Is.Not.EqualTo(second));
        Assert.That(GivenKeys.Factory.CreateSigner(curve, first).PublicKey.Curve, Is.EqualTo(curve));
    }

    [Test]
    public void Open_Always_IsThePackagedLibrary() => Assert.That(Secp256k1.Open().Name, Is.EqualTo("libsecp256k1"));

    [TestCaseSource(typeof(GivenSecp256k1), nameof(GivenSecp256k1.Names))]
    public void PassesSelfTest_OfEveryImplementation_IsTrue(string implementation)
    {
        Secp256k1 secp256k1 = GivenSecp256k1.By(implementation);

        Assert.That(secp256k1.PassesSelfTest(), Is.True);
        Assert.That(secp256k1.Name, Is.EqualTo(implementation));
    }

    [Test]
    public void GeneratedKeys_OfBothCurves_SignWhatTheVerifierAccepts([Values] KeyCurve curve)
    {
        byte[] key = PrivateKey.Generate(curve);

        ISigner signer = curve == KeyCurve.Secp256k1 ? Secp256k1.Open().CreateSigner(key) : P256.CreateSigner(key);

        Assert.That(new Verifier().Verify(signer.PublicKey, "m"u8, signer.Sign("m"u8)), Is.True);
        Assert.That(new Verifier().Verify(signer.PublicKey, "n"u8, signer.Sign("m"u8)), Is.False);
    }
}
