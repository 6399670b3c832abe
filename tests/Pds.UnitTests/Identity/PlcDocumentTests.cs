using System.Text;
using System.Text.Json.Nodes;
using Pds.Domain.Crypto;
using Pds.Domain.Identifiers;
using Pds.Domain.Identity;
using Pds.UnitTests.Crypto;

namespace Pds.UnitTests.Identity;

internal sealed class PlcDocumentTests
{
    private static readonly Did Did = Did.Parse(GivenPlc.Did);

    [Test]
    public void ToDidDocument_OfTheExample_RendersItLikeTheDirectory() => Assert.That(
        Encoding.UTF8.GetString(PlcDocument.ToDidDocument(Did, GivenPlc.Data())),
        Is.EqualTo(
            """
            {"@context":["https://www.w3.org/ns/did/v1","https://w3id.org/security/multikey/v1","https://w3id.org/security/suites/secp256k1-2019/v1"],
            "id":"did:plc:h5tuwte75wttq2s6ul4kjorw",
            "alsoKnownAs":["at://alice.test"],
            "verificationMethod":[{"id":"did:plc:h5tuwte75wttq2s6ul4kjorw#atproto","type":"Multikey","controller":"did:plc:h5tuwte75wttq2s6ul4kjorw",
            "publicKeyMultibase":"zQ3shajmTb29MxR6htjD79Hdo6vneJLvyKCzZSRcawNWks9JC"}],
            "service":[{"id":"#atproto_pds","type":"AtprotoPersonalDataServer","serviceEndpoint":"https://pds.test"}]}
            """.ReplaceLineEndings("")));

    [Test]
    public void ToDidDocument_WhenCurvesDiffer_NamesTheContextOfEach()
    {
        PlcData data = GivenPlc.Data() with
        {
            VerificationMethods = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["atproto"] = GivenKeys.Small(4, KeyCurve.P256).PublicKey.ToDidKey(),
                ["other"] = GivenKeys.SigningDidKey,
                ["third"] = GivenKeys.RotationDidKey,
                ["unknown"] = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK",
            },
        };

        JsonNode document = JsonNode.Parse(PlcDocument.ToDidDocument(Did, data))!;

        Assert.That(document["@context"]!.AsArray().Select(context => context!.GetValue<string>()), Is.EqualTo(new[]
        {
            "https://www.w3.org/ns/did/v1",
            "https://w3id.org/security/multikey/v1",
            "https://w3id.org/security/suites/ecdsa-2019/v1",
            "https://w3id.org/security/suites/secp256k1-2019/v1",
        }));
        Assert.That(document["verificationMethod"]![3]!["publicKeyMultibase"]!.GetValue<string>(), Does.StartWith("z6Mk"));
    }

    [TestCase("alice.test", null)]
    [TestCase("https://alice.test", null)]
    [TestCase("bob.test at://not_a_handle at://alice.test at://carol.test", "alice.test")]
    public void FindHandle_FindsTheFirstThatIsOne_AsTheDocumentDoes(string aliases, string? handle)
    {
        PlcData data = GivenPlc.Data() with { AlsoKnownAs = aliases.Split(' ') };

        var document = DidDocument.Parse(Did, PlcDocument.ToDidDocument(Did, data));

        Assert.That(data.FindHandle()?.ToString(), Is.EqualTo(handle));
        Assert.That(document.Handle?.ToString(), Is.EqualTo(handle));
    }

    [Test]
    public void DidDocument_OfWhatWasRendered_FindsEverything()
    {
        var document = DidDocument.Parse(Did, PlcDocument.ToDidDocument(Did, GivenPlc.Data()));

        Assert.That(document.Handle, Is.EqualTo(Handle.Parse("alice.test")));
        Assert.That(document.SigningKey!.ToDidKey(), Is.EqualTo(GivenKeys.SigningDidKey));
        Assert.That(document.PdsEndpoint, Is.EqualTo("https://pds.test"));
    }
}
