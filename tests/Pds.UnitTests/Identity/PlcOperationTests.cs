using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Pds.Domain.Crypto;
using Pds.Domain.Identity;
using Pds.UnitTests.Crypto;

namespace Pds.UnitTests.Identity;

internal sealed class PlcOperationTests
{
    // Pitfalls G 134, G 135 and G 136.
    [Test]
    public void SignGenesis_OfTheExample_GivesItsBytesDidAndCid()
    {
        PlcOperation genesis = GivenPlc.Genesis();
        byte[] unsigned = PlcOperationCbor.Encode(genesis.Data!, prev: null, signature: null);

        Assert.That(unsigned, Has.Length.EqualTo(297));
        Assert.That(Convert.ToHexStringLower(unsigned), Does.StartWith("a66470726576f6"));
        Assert.That(Convert.ToHexStringLower(SHA256.HashData(unsigned)), Is.EqualTo("25fb9a12cd9405afb93f77556aaa50b551dcdc6dbcc4adeee8eaf8b4a138c4d7"));
        Assert.That(genesis.Signature, Is.EqualTo(GivenPlc.GenesisSignature));
        Assert.That(genesis.Encoding.Length, Is.EqualTo(389));
        Assert.That(genesis.DeriveDid().ToString(), Is.EqualTo(GivenPlc.Did));
        Assert.That(genesis.Cid.ToString(), Is.EqualTo(GivenPlc.GenesisCid));
        Assert.That(genesis.IsGenesis, Is.True);
    }

    // Pitfall G 135.
    [Test]
    public void SignUpdate_OfTheExample_GivesItsSignatureAndCid()
    {
        PlcOperation update = PlcOperation.SignUpdate(GivenPlc.Data("at://bob.test"), GivenPlc.Genesis().Cid, GivenKeys.Rotation());

        Assert.That(update.Signature, Is.EqualTo(GivenPlc.UpdateSignature));
        Assert.That(update.Cid.ToString(), Is.EqualTo(GivenPlc.UpdateCid));
        Assert.That(update.IsGenesis, Is.False);
        Assert.That(() => update.DeriveDid(), Throws.InvalidOperationException);
    }

    [Test]
    public void FromJson_OfWhatToJsonGave_IsTheSameOperation()
    {
        PlcOperation genesis = GivenPlc.Genesis();
        PlcOperation[] operations =
        [
            genesis,
            PlcOperation.SignUpdate(GivenPlc.Data("at://bücher.test"), genesis.Cid, GivenKeys.Rotation()),
            PlcOperation.SignTombstone(genesis.Cid, GivenKeys.Rotation()),
            PlcOperation.FromJson(Legacy()),
        ];

        foreach (PlcOperation operation in operations)
        {
            PlcOperation read = PlcOperation.FromJson(operation.ToJson());

            Assert.That(read.Cid, Is.EqualTo(operation.Cid));
            Assert.That(read.Encoding.ToArray(), Is.EqualTo(operation.Encoding.ToArray()));
            Assert.That(read.IsSignedBy(GivenKeys.Rotation().PublicKey, GivenKeys.Verifier), Is.EqualTo(!operation.IsLegacy));
        }
    }

    [Test]
    public void Encode_WhenMapsAreUnordered_OrdersByLengthThenBytes()
    {
        PlcData data = GivenPlc.Data() with
        {
            VerificationMethods = new Dictionary<string, string>(StringComparer.Ordinal) { ["é"] = "k1", ["bb"] = "k2", ["aa"] = "k3", ["z"] = "k4" },
        };

        string text = Encoding.Latin1.GetString(PlcOperationCbor.Encode(data, prev: null, signature: null));

        Assert.That(text.IndexOf("k4", StringComparison.Ordinal), Is.LessThan(text.IndexOf("k3", StringComparison.Ordinal)));
        Assert.That(text.IndexOf("k3", StringComparison.Ordinal), Is.LessThan(text.IndexOf("k2", StringComparison.Ordinal)));
        Assert.That(text.IndexOf("k2", StringComparison.Ordinal), Is.LessThan(text.IndexOf("k1", StringComparison.Ordinal)));
    }

    [Test]
    public void FromJson_WhenTypeIsCreate_NormalisesIt()
    {
        PlcOperation legacy = PlcOperation.FromJson(Legacy());

        Assert.That(legacy.IsGenesis && legacy.IsLegacy, Is.True);
        Assert.That(legacy.Data!.RotationKeys, Is.EqualTo(new[] { "did:key:zQ3shP5TBe1sQfSttXty15FAEHV1DZgcxRZNxvEWnPfLFwLxJ", GivenKeys.SigningDidKey }));
        Assert.That(legacy.Data.VerificationMethods["atproto"], Is.EqualTo(GivenKeys.SigningDidKey));
        Assert.That(legacy.Data.AlsoKnownAs, Is.EqualTo(new[] { "at://why.bsky.social" }));
        Assert.That(legacy.Data.Services["atproto_pds"], Is.EqualTo(new PlcService("AtprotoPersonalDataServer", "https://bsky.social")));
        Assert.That(Convert.ToHexStringLower(legacy.Encoding.Span), Does.StartWith("a7637369676161" + "6470726576f6" + "6474797065" + "66637265617465" + "6668616e646c65"));
    }

    [Test]
    public void IsSignedBy_WhenSignatureIsSpelledOtherwise_IsFalse()
    {
        PublicKey key = GivenKeys.Rotation().PublicKey;
        string signature = GivenPlc.GenesisSignature;

        Assert.That(WithSignature(signature).IsSignedBy(key, GivenKeys.Verifier), Is.True);
        foreach (string other in new[] { signature + "==", signature + "=", signature[..^1], signature[..^1] + "t", signature.Insert(3, " "), "", new string('é', 86) })
        {
            Assert.That(WithSignature(other).IsSignedBy(key, GivenKeys.Verifier), Is.False, other);
        }
    }

    [Test]
    public void IsSignedBy_WhenKeyIsAnother_IsFalse() =>
        Assert.That(GivenPlc.Genesis().IsSignedBy(GivenKeys.Small(2).PublicKey, GivenKeys.Verifier), Is.False);

    [TestCase("type", "null")]
    [TestCase("type", "\"plc_other\"")]
    [TestCase("sig", "null")]
    [TestCase("sig", "7")]
    [TestCase("prev", "\"\"")]
    [TestCase("prev", "\"bafy\"")]
    [TestCase("prev", "{\"$link\":\"bafyreib7m5fuzh7nu44guxvc7cslunuzgebaat2gsfp3fc4rkanuirpequ\"}")]
    [TestCase("rotationKeys", "{}")]
    [TestCase("rotationKeys", "[1]")]
    [TestCase("alsoKnownAs", "null")]
    [TestCase("verificationMethods", "[]")]
    [TestCase("verificationMethods", "{\"atproto\":{\"verificationMethods\":\"x\"}}")]
    [TestCase("services", "{\"a\":{\"type\":\"t\"}}")]
    [TestCase("services", "{\"a\":{\"type\":\"t\",\"endpoint\":\"e\",\"more\":1}}")]
    [TestCase("services", "{\"a\":\"https://pds.test\"}")]
    [TestCase("extra", "1")]
    public void FromJson_WhenAFieldIsWrong_Throws(string field, string json)
    {
        JsonObject operation = JsonNode.Parse(GivenPlc.Genesis().ToJson())!.AsObject();
        operation[field] = JsonNode.Parse(json);

        Assert.That(() => PlcOperation.FromJson(Encoding.UTF8.GetBytes(operation.ToJsonString())), Throws.InstanceOf<FormatException>());
    }

    [TestCase("type")]
    [TestCase("sig")]
    [TestCase("prev")]
    [TestCase("services")]
    [TestCase("alsoKnownAs")]
    [TestCase("rotationKeys")]
    [TestCase("verificationMethods")]
    public void FromJson_WhenAFieldIsMissing_Throws(string field)
    {
        JsonObject operation = JsonNode.Parse(GivenPlc.Genesis().ToJson())!.AsObject();
        operation.Remove(field);

        Assert.That(() => PlcOperation.FromJson(Encoding.UTF8.GetBytes(operation.ToJsonString())), Throws.InstanceOf<FormatException>());
    }

    [TestCase("")]
    [TestCase("null")]
    [TestCase("[]")]
    [TestCase("{}")]
    [TestCase("{\"type\":\"plc_tombstone\",\"prev\":null,\"sig\":\"a\"}")]
    [TestCase("{\"type\":\"plc_tombstone\",\"type\":\"plc_tombstone\",\"prev\":\"bafyreib7m5fuzh7nu44guxvc7cslunuzgebaat2gsfp3fc4rkanuirpequ\",\"sig\":\"a\"}")]
    [TestCase("{\"type\":\"plc_tombstone\",\"prev\":\"bafyreib7m5fuzh7nu44guxvc7cslunuzgebaat2gsfp3fc4rkanuirpequ\",\"sig\":\"\\ud800\"}")]
    [TestCase("{\"type\":\"plc_tombstone\",\"prev\":\"bafyreib7m5fuzh7nu44guxvc7cslunuzgebaat2gsfp3fc4rkanuirpequ\",\"sig\":\"a\"} {}")]
    public void FromJson_WhenTextIsNoOperation_Throws(string json) =>
        Assert.That(() => PlcOperation.FromJson(Encoding.UTF8.GetBytes(json)), Throws.InstanceOf<FormatException>());

    [Test]
    public void FromJson_WhenBytesAreRandomlyAltered_SurvivesARoundTripOrThrowsFormatException()
    {
        int parsed = 0;
        byte[] json = GivenPlc.Genesis().ToJson();
        Random random = new(3);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] altered = [.. json.AsSpan(0, random.Next(8) == 0 ? random.Next(json.Length) : json.Length)];
            for (int edits = random.Next(1, 5); edits > 0 && altered.Length > 0; edits--)
            {
                altered[random.Next(altered.Length)] = (byte)random.Next(256);
            }

            try
            {
                var operation = PlcOperation.FromJson(altered);
                Assert.That(PlcOperation.FromJson(operation.ToJson()).Cid, Is.EqualTo(operation.Cid));
                parsed++;
            }
            catch (FormatException)
            {
                // as documented
            }
        }

        Assert.That(parsed, Is.InRange(100, 19_900));
    }

    [Test]
    public void FromJson_WhenItIsHuge_Throws() =>
        Assert.That(() => PlcOperation.FromJson(Encoding.UTF8.GetBytes("{\"a\":\"" + new string('a', 70_000) + "\"}")), Throws.InstanceOf<FormatException>());

    private static byte[] Legacy() => Encoding.UTF8.GetBytes(
        $$"""
        {"type":"create","signingKey":"{{GivenKeys.SigningDidKey}}","recoveryKey":"did:key:zQ3shP5TBe1sQfSttXty15FAEHV1DZgcxRZNxvEWnPfLFwLxJ",
        "handle":"why.bsky.social","service":"bsky.social","prev":null,"sig":"a"}
        """);

    private static PlcOperation WithSignature(string signature)
    {
        JsonObject operation = JsonNode.Parse(GivenPlc.Genesis().ToJson())!.AsObject();
        operation["sig"] = signature;
        return PlcOperation.FromJson(Encoding.UTF8.GetBytes(operation.ToJsonString()));
    }
}
