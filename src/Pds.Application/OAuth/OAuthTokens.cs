using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Pds.Application.Accounts;
using Pds.Application.Settings;

namespace Pds.Application.OAuth;

/// <summary>Access tokens: HS256 JWTs bound to a key (<c>cnf.jkt</c>), in the form of the reference server. Session tokens have no <c>cnf</c>, so neither passes for the other.</summary>
internal sealed class OAuthTokens(SecretSettings options, ServerIdentity identity, TimeProvider time)
{
    private const int MaxLength = 8192;
    private static readonly string Header = Base64Url.EncodeToString("""{"typ":"at+jwt","alg":"HS256"}"""u8);
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly byte[] _key = Encoding.UTF8.GetBytes(options.JwtSecret);

    /// <summary>The access token of a session as it is, good until a time.</summary>
    public string Issue(OAuthSession session, DateTimeOffset expiresAt)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Compact))
        {
            json.WriteStartObject();
            json.WriteString("jti"u8, session.TokenId);
            json.WriteString("sub"u8, session.Did.ToString());
            json.WriteNumber("iat"u8, time.GetUtcNow().ToUnixTimeSeconds());
            json.WriteNumber("exp"u8, expiresAt.ToUnixTimeSeconds());
            json.WriteString("aud"u8, identity.ServiceDid.ToString());
            json.WriteStartObject("cnf"u8);
            json.WriteString("jkt"u8, session.DpopKey);
            json.WriteEndObject();
            json.WriteString("client_id"u8, session.ClientId);
            json.WriteString("iss"u8, identity.PublicUrl);
            json.WriteEndObject();
        }

        string unsigned = $"{Header}.{Base64Url.EncodeToString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length))}";
        return $"{unsigned}.{Base64Url.EncodeToString(HMACSHA256.HashData(_key, Encoding.ASCII.GetBytes(unsigned)))}";
    }

    /// <summary>What an access token of ours says; <see langword="null"/> for any other text. Its end is for the caller to judge.</summary>
    public Claims? TryRead(string token)
    {
        string[] parts = token.Length > MaxLength ? [] : token.Split('.');
        Span<byte> given = stackalloc byte[HMACSHA256.HashSizeInBytes];
        if (parts.Length != 3 || !Jwt.TryDecode(parts[2], given, out int length) || length != given.Length
            || !CryptographicOperations.FixedTimeEquals(given, HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{parts[0]}.{parts[1]}"))))
        {
            return null;
        }

        using JsonDocument? header = Jwt.ReadJson(parts[0]);
        using JsonDocument? payload = Jwt.ReadJson(parts[1]);
        return Jwt.GetText(header, "typ") == "at+jwt" && Jwt.GetText(header, "alg") == "HS256"
            && Jwt.GetText(payload, "jti") is { } id && Jwt.GetNumber(payload, "exp") is { } expiresAt && Jwt.GetText(payload, "aud") == identity.ServiceDid.ToString()
            && payload!.RootElement.TryGetProperty("cnf"u8, out JsonElement cnf) && cnf.ValueKind == JsonValueKind.Object
            && cnf.TryGetProperty("jkt"u8, out JsonElement jkt) && jkt.ValueKind == JsonValueKind.String
                ? new Claims(id, jkt.GetString()!, expiresAt)
                : null;
    }

    /// <summary>The claims that matter; the rest is looked up.</summary>
    public sealed record Claims(string TokenId, string DpopKey, long ExpiresAt);
}
