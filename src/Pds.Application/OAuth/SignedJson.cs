using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Pds.Application.Accounts;
using Pds.Domain.Crypto;
using Pds.Domain.OAuth;

namespace Pds.Application.OAuth;

/// <summary>A compact JWS of a client, split and not yet believed.</summary>
internal sealed class SignedJson : IDisposable
{
    private const int MaxLength = 16_384;
    private const int MaxSignature = 1024;

    private readonly byte[] _message;
    private readonly byte[] _signature;

    private SignedJson(JsonDocument header, JsonDocument claims, byte[] message, byte[] signature)
    {
        Header = header;
        Claims = claims;
        _message = message;
        _signature = signature;
    }

    /// <summary>The signature algorithms that clients may use.</summary>
    public static IReadOnlyList<string> Algorithms { get; } = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES256K", "ES384", "ES512"];

    public JsonDocument Header { get; }

    public JsonDocument Claims { get; }

    public string? Algorithm => Jwt.GetText(Header, "alg");

    /// <summary>Whether it says that it is not signed, and is not.</summary>
    public bool IsUnsigned => Algorithm == "none" && _signature.Length == 0;

    public static SignedJson? TryRead(string text)
    {
        string[] parts = text.Length > MaxLength ? [] : text.Split('.');
        if (parts.Length != 3)
        {
            return null;
        }

        byte[] signature = new byte[MaxSignature];
        if (!Jwt.TryDecode(parts[2], signature, out int length) || Jwt.ReadJson(parts[0]) is not { } header)
        {
            return null;
        }

        if (Jwt.ReadJson(parts[1]) is { } claims)
        {
            return new SignedJson(header, claims, Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), signature[..length]);
        }

        header.Dispose();
        return null;
    }

    /// <summary>Whether the signature is that of a key, by the algorithm that the header names.</summary>
    public bool IsSignedBy(JsonWebKey key, IVerifier verifier)
    {
        if (Algorithm is not { } algorithm || !Algorithms.Contains(algorithm) || !key.Fits(algorithm))
        {
            return false;
        }

        try
        {
            return algorithm == "ES256K" ? VerifySecp256k1(key, verifier) : algorithm.StartsWith("ES", StringComparison.Ordinal) ? VerifyEc(key, algorithm) : VerifyRsa(key, algorithm);
        }
        catch (CryptographicException)
        {
            return false; // no point of the curve, no modulus
        }
    }

    /// <summary>Whether the audience is, or has in it, a server.</summary>
    public bool IsFor(string server) => Claims.RootElement.TryGetProperty("aud", out JsonElement audience) && audience.ValueKind switch
    {
        JsonValueKind.String => audience.GetString() == server,
        JsonValueKind.Array => audience.EnumerateArray().Any(item => item.ValueKind == JsonValueKind.String && item.GetString() == server),
        _ => false,
    };

    /// <summary>Whether it was made at most some time ago, give or take clocks that differ, and has not ended.</summary>
    public bool IsOfNow(long now, TimeSpan age) =>
        Jwt.GetNumber(Claims, "iat") is { } issued && issued <= now + (long)OAuthTimes.ProofAge.TotalSeconds && issued >= now - (long)age.TotalSeconds
        && (!Claims.RootElement.TryGetProperty("exp", out _) || Jwt.GetNumber(Claims, "exp") > now);

    public void Dispose()
    {
        Header.Dispose();
        Claims.Dispose();
    }

    private bool VerifySecp256k1(JsonWebKey key, IVerifier verifier) =>
        PublicKey.TryFromPoint(KeyCurve.Secp256k1, [4, .. key.First.Span, .. key.Second.Span], out PublicKey? point)
        && _signature.Length == ISigner.SignatureLength && verifier.VerifyMalleable(point, _message, _signature);

    private bool VerifyEc(JsonWebKey key, string algorithm)
    {
        (ECCurve curve, HashAlgorithmName hash) = algorithm switch
        {
            "ES256" => (ECCurve.NamedCurves.nistP256, HashAlgorithmName.SHA256),
            "ES384" => (ECCurve.NamedCurves.nistP384, HashAlgorithmName.SHA384),
            _ => (ECCurve.NamedCurves.nistP521, HashAlgorithmName.SHA512),
        };
        using var ecdsa = ECDsa.Create(new ECParameters { Curve = curve, Q = new ECPoint { X = key.First.ToArray(), Y = key.Second.ToArray() } });
        return ecdsa.VerifyData(_message, _signature, hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    private bool VerifyRsa(JsonWebKey key, string algorithm)
    {
        HashAlgorithmName hash = algorithm[2..] switch { "256" => HashAlgorithmName.SHA256, "384" => HashAlgorithmName.SHA384, _ => HashAlgorithmName.SHA512 };
        using var rsa = RSA.Create(new RSAParameters { Modulus = key.First.ToArray(), Exponent = key.Second.ToArray() });
        return rsa.VerifyData(_message, _signature, hash, algorithm[0] == 'R' ? RSASignaturePadding.Pkcs1 : RSASignaturePadding.Pss);
    }
}
