using Pds.Domain.Crypto;
using Pds.Domain.Identity;
using Pds.UnitTests.Crypto;

namespace Pds.UnitTests.Identity;

/// <summary>The worked example of a <c>did:plc</c>.</summary>
internal static class GivenPlc
{
    public const string Did = "did:plc:h5tuwte75wttq2s6ul4kjorw";
    public const string GenesisCid = "bafyreib7m5fuzh7nu44guxvc7cslunuzgebaat2gsfp3fc4rkanuirpequ";
    public const string GenesisSignature = "uKfQY1Kueyx55HlLS8DOiDURnk4qnKYJQqStKT1TIbhlkNgYqZkceO30HCHlZIl4xd15aRFiLdRoGFclw140sw";
    public const string UpdateCid = "bafyreic54ie4qwycyjcg35wnbgfa2viqqdu6amiho744fnaaal3v2uvtc4";
    public const string UpdateSignature = "3CTDgHIXRYDYx5o1jE5UIwUqxpCDM3ZdApqHRJXYmGcx7a5N4XxjNm3zkhm8CKNP38fVlt609Z5A2SVGTWMR5g";

    public static PlcData Data(string alias = "at://alice.test", params ISigner[] rotationKeys) => new()
    {
        RotationKeys = rotationKeys.Length == 0 ? [GivenKeys.RotationDidKey] : [.. rotationKeys.Select(key => key.PublicKey.ToDidKey())],
        VerificationMethods = new Dictionary<string, string>(StringComparer.Ordinal) { ["atproto"] = GivenKeys.SigningDidKey },
        AlsoKnownAs = [alias],
        Services = new Dictionary<string, PlcService>(StringComparer.Ordinal) { ["atproto_pds"] = new("AtprotoPersonalDataServer", "https://pds.test") },
    };

    public static PlcOperation Genesis() => PlcOperation.SignGenesis(Data(), GivenKeys.Rotation());
}
