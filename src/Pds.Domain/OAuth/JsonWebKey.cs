using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Pds.Domain.OAuth;

/// <summary>A public key as JSON: RSA, or EC on P-256, P-384, P-521 or secp256k1.</summary>
/// <remarks>Source: RFC 7517, thumbprint by RFC 7638.</remarks>
public sealed class JsonWebKey
{
    private const int MinRsaBytes = 256;
    private const int MaxRsaBytes = 1024;
    private static readonly string[] PrivateMembers = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

    private JsonWebKey(string type, string? curve, byte[] first, byte[] second)
    {
        Type = type;
        Curve = curve;
        First = first;
        Second = second;
        string json = type == "EC"
            ? $$"""{"crv":"{{curve}}","kty":"EC","x":"{{Base64Url.EncodeToString(first)}}","y":"{{Base64Url.EncodeToString(second)}}"}"""
            : $$"""{"e":"{{Base64Url.EncodeToString(second)}}","kty":"RSA","n":"{{Base64Url.EncodeToString(first)}}"}""";
        Thumbprint = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(json)));
    }

    /// <summary><c>EC</c> or <c>RSA</c>.</summary>
    public string Type { get; }

    /// <summary>Name of the curve; <see langword="null"/> for RSA.</summary>
    public string? Curve { get; }

    /// <summary>The x coordinate, or the modulus.</summary>
    public ReadOnlyMemory<byte> First { get; }

    /// <summary>The y coordinate, or the exponent.</summary>
    public ReadOnlyMemory<byte> Second { get; }

    /// <summary>Its name in a key set.</summary>
    public string? KeyId { get; private init; }

    /// <summary>The only algorithm it is for; <see langword="null"/> for any that fits.</summary>
    public string? Algorithm { get; private init; }

    /// <summary>base64url of the SHA-256 of the key's canonical form: claim <c>jkt</c>.</summary>
    public string Thumbprint { get; }

    /// <summary>Reads a public key; one with private members is none.</summary>
    public static bool TryRead(JsonElement json, [NotNullWhen(true)] out JsonWebKey? key)
    {
        key = null;
        if (json.ValueKind != JsonValueKind.Object || Array.Exists(PrivateMembers, member => json.TryGetProperty(member, out _)))
        {
            return false;
        }

        if (Text(json, "use") is not (null or "sig"))
        {
            return false;
        }

        string? curve = Text(json, "crv");
        key = (Text(json, "kty"), SizeOf(curve)) switch
        {
            ("EC", int size) when Bytes(json, "x") is { } x && Bytes(json, "y") is { } y && x.Length == size && y.Length == size => new("EC", curve, x, y) { KeyId = Text(json, "kid"), Algorithm = Text(json, "alg") },
            ("RSA", _) when Bytes(json, "n") is { Length: >= MinRsaBytes and <= MaxRsaBytes } n && n[0] != 0 && Bytes(json, "e") is { Length: > 0 and <= 8 } e && e[0] != 0 =>
                new("RSA", null, n, e) { KeyId = Text(json, "kid"), Algorithm = Text(json, "alg") },
            _ => null,
        };
        return key is not null;
    }

    /// <summary>Reads the keys of a set; <see langword="null"/> when it is none. Keys that are not understood are left out, as the standard asks.</summary>
    public static IReadOnlyList<JsonWebKey>? ReadSet(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty("keys", out JsonElement keys) || keys.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        return [.. keys.EnumerateArray().Select(item => TryRead(item, out JsonWebKey? key) ? key : null).OfType<JsonWebKey>()];
    }

    /// <summary>Whether signatures of an algorithm can be this key's.</summary>
    public bool Fits(string algorithm) => (Algorithm is null || Algorithm == algorithm) && (algorithm, Curve) switch
    {
        ("ES256", "P-256") or ("ES384", "P-384") or ("ES512", "P-521") or ("ES256K", "secp256k1") => true,
        ("RS256" or "RS384" or "RS512" or "PS256" or "PS384" or "PS512", null) => true,
        _ => false,
    };

    private static int? SizeOf(string? curve) => curve switch
    {
        "P-256" or "secp256k1" => 32,
        "P-384" => 48,
        "P-521" => 66,
        _ => null,
    };

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static byte[]? Bytes(JsonElement json, string name) =>
        Text(json, name) is { } text && !text.Contains('=', StringComparison.Ordinal) && Base64Url.IsValid(text) ? Base64Url.DecodeFromChars(text) : null;
}
