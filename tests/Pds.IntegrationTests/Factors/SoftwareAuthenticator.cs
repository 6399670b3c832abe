using System.Buffers.Binary;
using System.Buffers.Text;
using System.Formats.Cbor;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Pds.IntegrationTests.Factors;

/// <summary>A device that makes and uses passkeys, as a browser would show it to a page. What it says can be spoiled.</summary>
internal sealed class SoftwareAuthenticator(string origin) : IDisposable
{
    private const int IsPresent = 0x01;
    private const int IsVerified = 0x04;
    private const int HasKey = 0x40;

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly byte[] _id = RandomNumberGenerator.GetBytes(32);

    /// <summary>The origin that the browser is at.</summary>
    public string Origin { get; set; } = origin;

    /// <summary>The relying party that it signs for; <see langword="null"/> for the one it is asked for.</summary>
    public string? RelyingParty { get; set; }

    /// <summary>The challenge that it signs; <see langword="null"/> for the one it is asked for.</summary>
    public string? Challenge { get; set; }

    /// <summary>Whether its holder was recognised.</summary>
    public bool IsUnlocked { get; set; } = true;

    /// <summary>Whether it is embedded in a page of another site.</summary>
    public bool IsCrossOrigin { get; set; }

    /// <summary>Counts its signatures, unless it does not.</summary>
    public uint SignCount { get; set; }

    public string? UserHandle { get; set; }

    public string Id => Base64Url.EncodeToString(_id);

    /// <summary>Makes a key.</summary>
    /// <param name="options">What the page asks for.</param>
    /// <returns>The credential as JSON.</returns>
    public string Create(string options)
    {
        JsonNode asked = JsonNode.Parse(options)!;
        UserHandle = (string)asked["user"]!["id"]!;
        byte[] key = CoseKey();
        byte[] attested = new byte[18 + _id.Length + key.Length]; // an AAGUID of zeros, the length of the id
        BinaryPrimitives.WriteUInt16BigEndian(attested.AsSpan(16), (ushort)_id.Length);
        _id.CopyTo(attested, 18);
        key.CopyTo(attested, 18 + _id.Length);

        CborWriter writer = new(CborConformanceMode.Ctap2Canonical);
        writer.WriteStartMap(3);
        writer.WriteTextString("fmt");
        writer.WriteTextString("none");
        writer.WriteTextString("attStmt");
        writer.WriteStartMap(0);
        writer.WriteEndMap();
        writer.WriteTextString("authData");
        writer.WriteByteString([.. AuthenticatorData((string)asked["rp"]!["id"]!, HasKey), .. attested]);
        writer.WriteEndMap();
        return Credential(new JsonObject
        {
            ["clientDataJSON"] = Encode(ClientData("webauthn.create", asked)),
            ["attestationObject"] = Encode(writer.Encode()),
            ["transports"] = new JsonArray("internal"),
        });
    }

    /// <summary>Signs in.</summary>
    /// <param name="options">What the page asks for.</param>
    /// <returns>The credential as JSON.</returns>
    public string Get(string options)
    {
        JsonNode asked = JsonNode.Parse(options)!;
        byte[] client = ClientData("webauthn.get", asked);
        byte[] data = AuthenticatorData((string)asked["rpId"]!, 0);
        return Credential(new JsonObject
        {
            ["clientDataJSON"] = Encode(client),
            ["authenticatorData"] = Encode(data),
            ["signature"] = Encode(_key.SignData([.. data, .. SHA256.HashData(client)], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)),
            ["userHandle"] = UserHandle,
        });
    }

    public void Dispose() => _key.Dispose();

    private static string Encode(byte[] bytes) => Base64Url.EncodeToString(bytes);

    private string Credential(JsonObject response) => new JsonObject
    {
        ["id"] = Id,
        ["rawId"] = Id,
        ["type"] = "public-key",
        ["authenticatorAttachment"] = "platform",
        ["clientExtensionResults"] = new JsonObject(),
        ["response"] = response,
    }.ToJsonString();

    private byte[] ClientData(string type, JsonNode asked) => Encoding.UTF8.GetBytes(new JsonObject
    {
        ["type"] = type,
        ["challenge"] = Challenge ?? (string)asked["challenge"]!,
        ["origin"] = Origin,
        ["crossOrigin"] = IsCrossOrigin,
    }.ToJsonString());

    private byte[] AuthenticatorData(string asked, int flags)
    {
        byte[] data = new byte[37];
        SHA256.HashData(Encoding.UTF8.GetBytes(RelyingParty ?? asked), data);
        data[32] = (byte)(flags | IsPresent | (IsUnlocked ? IsVerified : 0));
        BinaryPrimitives.WriteUInt32BigEndian(data.AsSpan(33), SignCount);
        return data;
    }

    private byte[] CoseKey()
    {
        ECPoint point = _key.ExportParameters(includePrivateParameters: false).Q;
        CborWriter writer = new(CborConformanceMode.Ctap2Canonical);
        writer.WriteStartMap(5);
        writer.WriteInt32(1);
        writer.WriteInt32(2);
        writer.WriteInt32(3);
        writer.WriteInt32(-7);
        writer.WriteInt32(-1);
        writer.WriteInt32(1);
        writer.WriteInt32(-2);
        writer.WriteByteString(point.X!);
        writer.WriteInt32(-3);
        writer.WriteByteString(point.Y!);
        writer.WriteEndMap();
        return writer.Encode();
    }
}
