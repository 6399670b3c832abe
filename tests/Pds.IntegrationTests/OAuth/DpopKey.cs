using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Pds.IntegrationTests.OAuth;

/// <summary>A P-256 key that signs proofs and assertions.</summary>
internal sealed class DpopKey(ECDsa? key = null) : IDisposable
{
    private readonly ECDsa _key = key ?? ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public JsonObject Jwk
    {
        get
        {
            ECParameters parameters = _key.ExportParameters(includePrivateParameters: false);
            return new JsonObject { ["kty"] = "EC", ["crv"] = "P-256", ["x"] = Base64Url.EncodeToString(parameters.Q.X), ["y"] = Base64Url.EncodeToString(parameters.Q.Y) };
        }
    }

    /// <summary>RFC 7638.</summary>
    public string Thumbprint
    {
        get
        {
            JsonObject jwk = Jwk;
            string json = $$"""{"crv":"P-256","kty":"EC","x":"{{jwk["x"]}}","y":"{{jwk["y"]}}"}""";
            return Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(json)));
        }
    }

    public string Sign(JsonObject header, JsonObject claims)
    {
        string unsigned = $"{Encode(header)}.{Encode(claims)}";
        return $"{unsigned}.{Base64Url.EncodeToString(_key.SignData(Encoding.ASCII.GetBytes(unsigned), HashAlgorithmName.SHA256))}";
    }

    /// <summary>A proof for one request.</summary>
    /// <param name="method">The verb.</param>
    /// <param name="address">The address without query.</param>
    /// <param name="nonce">The server's nonce.</param>
    /// <param name="token">The access token that the proof goes with.</param>
    /// <param name="change">Spoils the claims.</param>
    public string Prove(string method, string address, string? nonce, string? token = null, Action<JsonObject>? change = null)
    {
        JsonObject claims = new() { ["htm"] = method, ["htu"] = address, ["iat"] = DateTimeOffset.UtcNow.ToUnixTimeSeconds(), ["jti"] = Guid.NewGuid().ToString() };
        if (nonce is not null)
        {
            claims["nonce"] = nonce;
        }

        if (token is not null)
        {
            claims["ath"] = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(token)));
        }

        change?.Invoke(claims);
        return Sign(new JsonObject { ["typ"] = "dpop+jwt", ["alg"] = "ES256", ["jwk"] = Jwk }, claims);
    }

    public void Dispose() => _key.Dispose();

    private static string Encode(JsonObject json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json.ToJsonString()));
}
