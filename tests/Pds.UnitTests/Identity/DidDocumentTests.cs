using System.Text;
using Pds.Domain.Crypto;
using Pds.Domain.Identifiers;
using Pds.Domain.Identity;
using Pds.UnitTests.Crypto;

namespace Pds.UnitTests.Identity;

internal sealed class DidDocumentTests
{
    private const string Multikey = "zQ3shajmTb29MxR6htjD79Hdo6vneJLvyKCzZSRcawNWks9JC";

    private static readonly Did Did = Did.Parse(GivenPlc.Did);

    [TestCase("{}")]
    [TestCase("[]")]
    [TestCase("null")]
    [TestCase("")]
    [TestCase("{\"id\":\"did:plc:ewvi7nxzyoun6zhxrhs64oiz\"}")]
    [TestCase("{\"id\":\"did:plc:h5tuwte75wttq2s6ul4kjorw#\"}")]
    [TestCase("{\"id\":[\"did:plc:h5tuwte75wttq2s6ul4kjorw\"]}")]
    [TestCase("{\"id\":\"did:plc:h5tuwte75wttq2s6ul4kjorw\"")]
    [TestCase("{\"id\":\"did:plc:h5tuwte75wttq2s6ul4kjorw\",\"id\":\"did:plc:h5tuwte75wttq2s6ul4kjorw\"}")]
    public void Parse_WhenItIsNoDocumentOfTheDid_Throws(string json) =>
        Assert.That(() => DidDocument.Parse(Did, Encoding.UTF8.GetBytes(json)), Throws.InstanceOf<FormatException>());

    [Test]
    public void Parse_WhenThereIsNothingElse_FindsNothing()
    {
        DidDocument document = Parse("");

        Assert.That(document.Handle, Is.Null);
        Assert.That(document.SigningKey, Is.Null);
        Assert.That(document.PdsEndpoint, Is.Null);
        Assert.That(document.FindService("bsky_appview"), Is.Null);
        Assert.That(Encoding.UTF8.GetString(document.Json.Span), Is.EqualTo("{\"id\":\"did:plc:h5tuwte75wttq2s6ul4kjorw\"}"));
    }

    [TestCase("\"alsoKnownAs\":[\"https://a.test\",\"at://no_handle\",7,\"at://Bob.Test\",\"at://carol.test\"]", "bob.test")]
    [TestCase("\"alsoKnownAs\":\"at://bob.test\"", null)]
    [TestCase("\"alsoKnownAs\":[\"bob.test\"]", null)]
    public void Handle_IsTheFirstAliasThatIsValid(string member, string? handle) =>
        Assert.That(Parse(member).Handle?.ToString(), Is.EqualTo(handle));

    // Pitfall G 143.
    [TestCase("#atproto")]
    [TestCase("did:plc:h5tuwte75wttq2s6ul4kjorw#atproto")]
    public void SigningKey_WhenIdIsRelativeOrFull_IsFound(string id) =>
        Assert.That(Parse(Method(id, "Multikey", Multikey)).SigningKey?.ToDidKey(), Is.EqualTo(GivenKeys.SigningDidKey));

    [TestCase("atproto", "Multikey")]
    [TestCase("did:plc:ewvi7nxzyoun6zhxrhs64oiz#atproto", "Multikey")]
    [TestCase("#atproto_label", "Multikey")]
    [TestCase("#atproto", "Ed25519VerificationKey2020")]
    [TestCase("#atproto", "EcdsaSecp256k1VerificationKey2019")]
    public void SigningKey_WhenIdOrTypeDiffers_IsNull(string id, string type) =>
        Assert.That(Parse(Method(id, type, Multikey)).SigningKey, Is.Null);

    [Test]
    public void SigningKey_WhenThereAreTwo_IsTheFirst()
    {
        DidDocument document = Parse("\"verificationMethod\":[" + Entry("#atproto", "Unknown", "z") + "," + Entry("#atproto", "Multikey", Multikey) + "]");

        Assert.That(document.SigningKey, Is.Null);
    }

    // Pitfall G 144.
    [TestCase("EcdsaSecp256k1VerificationKey2019", "z25z9DTpsiYYJKGsWmSPJK2NFN8PcJtZig12K59UgW7q5t", "did:key:zQ3shqwJEJyMBsBXCWyCBpUBMqxcon9oHB7mCvx4sSpMdLJwc")]
    [TestCase("EcdsaSecp256r1VerificationKey2019", "zxdM8dSstjrpZaRUwBmDvjGXweKuEMVN95A9oJBFjkWMh", "did:key:zDnaembgSGUhZULN2Caob4HLJPaxBh92N7rtH21TErzqf8HQo")]
    public void FindKey_WhenTypeIsLegacy_ReadsThePointAlone(string type, string multibase, string didKey)
    {
        PublicKey? key = Parse(Method("#atproto_label", type, multibase)).FindKey("atproto_label");

        Assert.That(key?.ToDidKey(), Is.EqualTo(didKey));
    }

    [TestCase("https://pds.test", "https://pds.test")]
    [TestCase("http://localhost:2583", "http://localhost:2583")]
    [TestCase("https://pds.test/", "https://pds.test/")]
    [TestCase("https://pds.test/xrpc", null)]
    [TestCase("https://pds.test?x", null)]
    [TestCase("https://pds.test#x", null)]
    [TestCase("https://me@pds.test", null)]
    [TestCase("ftp://pds.test", null)]
    [TestCase("/pds", null)]
    [TestCase("pds.test", null)]
    public void PdsEndpoint_IsAPlainUrlAsWritten(string endpoint, string? found) =>
        Assert.That(Parse(Service("#atproto_pds", "AtprotoPersonalDataServer", endpoint)).PdsEndpoint, Is.EqualTo(found));

    [Test]
    public void PdsEndpoint_WhenTypeDiffers_IsNull() =>
        Assert.That(Parse(Service("#atproto_pds", "Other", "https://pds.test")).PdsEndpoint, Is.Null);

    [TestCase("#bsky_appview", "https://appview.test/path", "https://appview.test/path")]
    [TestCase("did:plc:h5tuwte75wttq2s6ul4kjorw#bsky_appview", "https://appview.test", "https://appview.test")]
    [TestCase("#bsky_appview", "wss://appview.test", null)]
    [TestCase("#bsky_other", "https://appview.test", null)]
    public void FindService_GoesByIdOnly(string id, string endpoint, string? found) =>
        Assert.That(Parse(Service(id, "Whatever", endpoint)).FindService("bsky_appview"), Is.EqualTo(found));

    [TestCase("\"verificationMethod\":{}")]
    [TestCase("\"verificationMethod\":[1,null,[],{\"id\":7},{\"id\":\"#atproto\",\"type\":7}]")]
    [TestCase("\"service\":[{\"id\":\"#atproto_pds\",\"type\":\"AtprotoPersonalDataServer\",\"serviceEndpoint\":{\"uri\":\"https://pds.test\"}}]")]
    [TestCase("\"service\":7")]
    public void Parse_WhenMembersHaveAnotherShape_PassesThemOver(string member)
    {
        DidDocument document = Parse(member);

        Assert.That(document.SigningKey, Is.Null);
        Assert.That(document.PdsEndpoint, Is.Null);
    }

    [Test]
    public void Parse_WhenBytesAreRandomlyAltered_IsOfThatDidOrThrowsFormatException()
    {
        int parsed = 0;
        byte[] json = PlcDocument.ToDidDocument(Did, GivenPlc.Data());
        Random random = new(5);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] altered = [.. json.AsSpan(0, random.Next(8) == 0 ? random.Next(json.Length) : json.Length)];
            for (int edits = random.Next(1, 4); edits > 0 && altered.Length > 0; edits--)
            {
                altered[random.Next(altered.Length)] = (byte)random.Next(256);
            }

            try
            {
                var document = DidDocument.Parse(Did, altered);
                _ = document.FindService("atproto_pds");
                Assert.That(document.Did, Is.EqualTo(Did));
                parsed++;
            }
            catch (FormatException)
            {
                // as documented
            }
        }

        Assert.That(parsed, Is.InRange(100, 19_900));
    }

    private static DidDocument Parse(string members) =>
        DidDocument.Parse(Did, Encoding.UTF8.GetBytes($$"""{"id":"{{Did}}"{{(members.Length == 0 ? "" : ",")}}{{members}}}"""));

    private static string Method(string id, string type, string multibase) => "\"verificationMethod\":[" + Entry(id, type, multibase) + "]";

    private static string Entry(string id, string type, string multibase) =>
        $$"""{"id":"{{id}}","type":"{{type}}","controller":"{{Did}}","publicKeyMultibase":"{{multibase}}"}""";

    private static string Service(string id, string type, string endpoint) =>
        $$"""   "service":[{"id":"{{id}}","type":"{{type}}","serviceEndpoint":"{{endpoint}}"}]""";
}
