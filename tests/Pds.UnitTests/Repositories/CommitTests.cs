using Pds.Cryptography;
using Pds.Domain.Crypto;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;
using Pds.Infrastructure.Crypto;
using Pds.UnitTests.Fakes;

namespace Pds.UnitTests.Repositories;

internal sealed class CommitTests
{
    [Test]
    public void Decode_WhenWorkedExample_GivesFieldsAndCid()
    {
        Commit commit = Commit.Decode(Convert.FromHexString(WorkedExample.Signed));

        Assert.Multiple(() =>
        {
            Assert.That(commit.Did, Is.EqualTo(Given.Did()));
            Assert.That(commit.Rev, Is.EqualTo(Tid.Parse(WorkedExample.Rev)));
            Assert.That(commit.Data, Is.EqualTo(WorkedExample.Data));
            Assert.That(commit.Prev, Is.Null);
            Assert.That(commit.Cid.ToString(), Is.EqualTo(WorkedExample.CommitCid));
            Assert.That(Convert.ToHexStringLower(commit.Signature), Is.EqualTo(WorkedExample.Signature));
            Assert.That(Convert.ToHexStringLower(commit.EncodeUnsigned()), Is.EqualTo(WorkedExample.Unsigned));
        });
    }

    // Pitfall B 27, 28.
    [Test]
    public void Sign_WithTheKeyOfTheWorkedExample_GivesItsBytes()
    {
        var curve = new ManagedSecp256k1();
        ISigner signer = curve.CreateSigner(Convert.FromHexString(WorkedExample.PrivateKey));

        Commit commit = Commit.Sign(Given.Did(), WorkedExample.Data, Tid.Parse(WorkedExample.Rev), signer);

        Assert.Multiple(() =>
        {
            Assert.That(signer.PublicKey, Is.EqualTo(Given.PublicKey()));
            Assert.That(Convert.ToHexStringLower(commit.Bytes.Span), Is.EqualTo(WorkedExample.Signed));
            Assert.That(commit.Cid.ToString(), Is.EqualTo(WorkedExample.CommitCid));
            Assert.That(commit.HasSignatureOf(Given.PublicKey(), new Verifier(curve)), Is.True);
        });
    }

    [Test]
    public void HasSignatureOf_WhenTheKeyIsAnother_IsFalse()
    {
        var curve = new ManagedSecp256k1();
        ISigner other = new KeyFactory(curve).CreateSigner(KeyCurve.P256, Convert.FromHexString(WorkedExample.PrivateKey));
        var verifier = new Verifier(curve);

        Commit commit = Commit.Sign(Given.Did(), WorkedExample.Data, Tid.Parse(WorkedExample.Rev), other);

        Assert.That(commit.HasSignatureOf(other.PublicKey, verifier), Is.True);
        Assert.That(commit.HasSignatureOf(Given.PublicKey(), verifier), Is.False);
    }

    // Pitfall B 20.
    [Test]
    public void Sign_Always_SignsTheFiveFieldsAndRoundTrips()
    {
        FakeSigner signer = Given.Signer();

        Commit commit = Commit.Sign(Given.Did(), WorkedExample.Data, Tid.Parse(WorkedExample.Rev), signer);

        Commit decoded = Commit.Decode(commit.Bytes);
        Assert.Multiple(() =>
        {
            Assert.That(Convert.ToHexStringLower(commit.EncodeUnsigned()), Is.EqualTo(WorkedExample.Unsigned));
            Assert.That(commit.HasSignatureOf(signer.PublicKey, signer), Is.True);
            Assert.That(decoded.HasSignatureOf(signer.PublicKey, signer), Is.True);
            Assert.That(decoded.Cid, Is.EqualTo(commit.Cid));
            Assert.That(commit.Cid, Is.EqualTo(Cid.ForDagCbor(commit.Bytes.Span)));
        });
    }

    [TestCase(9)]
    [TestCase(23)]
    [TestCase(24)]
    [TestCase(255)]
    [TestCase(256)]
    [TestCase(2048)]
    public void Sign_WhateverTheLengthOfTheDid_RoundTrips(int length)
    {
        FakeSigner signer = Given.Signer();
        Did did = Given.Did("did:web:".PadRight(length, 'a'));

        Commit commit = Commit.Sign(did, WorkedExample.Data, Tid.Parse(WorkedExample.Rev), signer);

        Commit decoded = Commit.Decode(commit.Bytes);
        Assert.That(decoded.Did, Is.EqualTo(did));
        Assert.That(decoded.HasSignatureOf(signer.PublicKey, signer), Is.True);
    }

    [Test]
    public void HasSignatureOf_WhenAnyByteOfTheCommitDiffers_IsFalseOrRefused()
    {
        FakeSigner signer = Given.Signer();
        byte[] bytes = Commit.Sign(Given.Did(), WorkedExample.Data, Tid.Parse(WorkedExample.Rev), signer).Bytes.ToArray();

        for (int i = 0; i < bytes.Length; i++)
        {
            byte[] forged = [.. bytes];
            forged[i] ^= 1;

            Assert.That(IsGood(forged, signer), Is.False, $"byte {i}");
        }
    }

    [Test]
    public void Decode_WhenCutOrFollowedByMore_Throws()
    {
        byte[] bytes = Convert.FromHexString(WorkedExample.Signed);

        Assert.That(() => Commit.Decode((byte[])[.. bytes, 0]), Throws.InstanceOf<FormatException>());
        for (int i = 0; i < bytes.Length; i++)
        {
            Assert.That(() => Commit.Decode(bytes.AsMemory(0, i)), Throws.InstanceOf<FormatException>(), $"length {i}");
        }
    }

    [TestCase("67" + "76657273696f6e" + "03", "67" + "76657273696f6e" + "02", TestName = "version 2")]
    [TestCase("67" + "76657273696f6e" + "03", "67" + "76657273696f6e" + "04", TestName = "version 4")]
    [TestCase("a6", "a5", TestName = "head of five")]
    [TestCase("6470726576f6", "6470726577f6", TestName = "another field")]
    [TestCase("6470726576f6", "6470726576f4", TestName = "prev false")]
    [TestCase("6464617461d82a58250001711220", "6464617461d82a58250001551220", TestName = "data is raw")]
    [TestCase("6469643a706c63", "6469643a504c43", TestName = "not a DID")]
    [TestCase("6d336a7a66", "6d7a6a7a66", TestName = "not a TID")]
    public void Decode_WhenAFieldIsWrong_Throws(string good, string bad)
    {
        string forged = WorkedExample.Signed.Replace(good, bad, StringComparison.Ordinal);

        Assert.That(forged, Is.Not.EqualTo(WorkedExample.Signed));
        Assert.That(() => Commit.Decode(Convert.FromHexString(forged)), Throws.InstanceOf<FormatException>());
    }

    [Test]
    public void Decode_WhenSignatureIsShort_Throws()
    {
        string forged = WorkedExample.Signed.Replace("637369675840" + WorkedExample.Signature, "63736967583f" + WorkedExample.Signature[2..], StringComparison.Ordinal);

        Assert.That(() => Commit.Decode(Convert.FromHexString(forged)), Throws.InstanceOf<FormatException>());
    }

    [Test]
    public void Decode_WhenPrevIsACid_KeepsIt()
    {
        string link = "d82a582500" + Convert.ToHexStringLower(WorkedExample.Data.ToArray());
        string old = WorkedExample.Signed.Replace("6470726576f6", "6470726576" + link, StringComparison.Ordinal);

        Commit commit = Commit.Decode(Convert.FromHexString(old));

        Assert.That(commit.Prev, Is.EqualTo(WorkedExample.Data));
        Assert.That(Convert.ToHexStringLower(commit.EncodeUnsigned()), Does.EndWith("6470726576" + link + "6776657273696f6e03"));
    }

    private static bool IsGood(byte[] bytes, FakeSigner signer)
    {
        try
        {
            return Commit.Decode(bytes).HasSignatureOf(signer.PublicKey, signer);
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
