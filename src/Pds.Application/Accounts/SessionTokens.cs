using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Pds.Application.Pipeline;
using Pds.Application.Settings;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;

namespace Pds.Application.Accounts;

/// <summary>Issues and checks session tokens: HS256 JWTs, byte for byte those of the reference server, so that people stay signed in when it is replaced.</summary>
/// <param name="options">The secret, as UTF-8 bytes, is the key.</param>
/// <param name="identity">Our DID is the audience.</param>
/// <param name="time">The clock.</param>
public sealed class SessionTokens(SecretSettings options, ServerIdentity identity, TimeProvider time)
{
    /// <summary>Life of an access token: 120 minutes.</summary>
    public static readonly TimeSpan AccessLifetime = TimeSpan.FromMinutes(120);

    /// <summary>Life of a refresh token that is not used: 90 days.</summary>
    public static readonly TimeSpan RefreshLifetime = TimeSpan.FromDays(90);

    private const string RefreshScope = "com.atproto.refresh";
    private const int IdLength = 32;
    private const int MaxLength = 8192;

    private static readonly string AccessHeader = Base64Url.EncodeToString("""{"typ":"at+jwt","alg":"HS256"}"""u8);
    private static readonly string RefreshHeader = Base64Url.EncodeToString("""{"typ":"refresh+jwt","alg":"HS256"}"""u8);
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly byte[] _key = Encoding.UTF8.GetBytes(options.JwtSecret);
    private readonly string _audience = identity.ServiceDid.ToString();

    /// <summary>A new id for a refresh token: 32 random bytes in base64 without padding.</summary>
    public static string NewId() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(IdLength)).TrimEnd('=');

    /// <summary>An access token; nothing of it is stored.</summary>
    /// <param name="did">The account.</param>
    /// <param name="scope">What kind of session.</param>
    /// <param name="sessionId">Id of the refresh token that it comes with, by which can be told whether the session still lives; <see langword="null"/> for none.</param>
    public string IssueAccess(Did did, SessionScope scope, string? sessionId = null) => Issue(AccessHeader, ScopeName(scope), did, sessionId, AccessLifetime);

    /// <summary>A refresh token with the given id.</summary>
    public string IssueRefresh(Did did, string id) => Issue(RefreshHeader, RefreshScope, did, id, RefreshLifetime);

    /// <summary>Checks an access token.</summary>
    /// <exception cref="XrpcException">InvalidToken, ExpiredToken.</exception>
    public Caller.Session VerifyAccess(string token)
    {
        Claims claims = Verify(token, AccessHeader, "at+jwt", acceptExpired: false);
        return claims.IsForeign || !Did.TryParse(claims.Subject, out Did did)
            ? throw Malformed()
            : new Caller.Session(did, ParseScope(claims.Scope) ?? throw BadScope()) { Id = claims.Id ?? "" };
    }

    /// <summary>Checks a refresh token; whether it was revoked is not told by the token.</summary>
    /// <exception cref="XrpcException">InvalidToken, ExpiredToken, MissingTokenId.</exception>
    public (Did Did, string Id) VerifyRefresh(string token, bool acceptExpired)
    {
        Claims claims = Verify(token, RefreshHeader, "refresh+jwt", acceptExpired);
        if (claims.IsForeign || !Did.TryParse(claims.Subject, out Did did))
        {
            throw Malformed();
        }

        if (claims.Scope != RefreshScope)
        {
            throw BadScope();
        }

        return claims.Id is { Length: > 0 } id
            ? (did, id)
            : throw new XrpcException(AuthErrors.MissingTokenId, "Unexpected missing refresh token id");
    }

    private static XrpcException Malformed() => new(AuthErrors.InvalidToken, "Malformed token");

    private static XrpcException BadScope() => new(AuthErrors.InvalidToken, "Bad token scope");

    private static XrpcException Unverified() => new(AuthErrors.InvalidToken, "Token could not be verified");

    private static string ScopeName(SessionScope scope) => scope switch
    {
        SessionScope.Access => "com.atproto.access",
        SessionScope.AppPassPrivileged => "com.atproto.appPassPrivileged",
        SessionScope.AppPass => "com.atproto.appPass",
        SessionScope.Takendown => "com.atproto.takendown",
        SessionScope.SignupQueued => "com.atproto.signupQueued",
        _ => throw new ArgumentOutOfRangeException(nameof(scope)),
    };

    private static SessionScope? ParseScope(string? name) => name switch
    {
        "com.atproto.access" => SessionScope.Access,
        "com.atproto.appPassPrivileged" => SessionScope.AppPassPrivileged,
        "com.atproto.appPass" => SessionScope.AppPass,
        "com.atproto.takendown" => SessionScope.Takendown,
        "com.atproto.signupQueued" => SessionScope.SignupQueued,
        _ => null,
    };

    private string Issue(string header, string scope, Did did, string? id, TimeSpan lifetime)
    {
        long now = time.GetUtcNow().ToUnixTimeSeconds();
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Compact))
        {
            json.WriteStartObject();
            json.WriteString("scope"u8, scope);
            json.WriteString("aud"u8, _audience);
            json.WriteString("sub"u8, did.ToString());
            if (id is not null)
            {
                json.WriteString("jti"u8, id);
            }

            json.WriteNumber("iat"u8, now);
            json.WriteNumber("exp"u8, now + (long)lifetime.TotalSeconds);
            json.WriteEndObject();
        }

        string unsigned = $"{header}.{Base64Url.EncodeToString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length))}";
        return $"{unsigned}.{Base64Url.EncodeToString(HMACSHA256.HashData(_key, Encoding.ASCII.GetBytes(unsigned)))}";
    }

    private Claims Verify(string token, string expectedHeader, string expectedType, bool acceptExpired)
    {
        int first = token.IndexOf('.', StringComparison.Ordinal);
        int last = token.LastIndexOf('.');
        if (first <= 0 || last <= first + 1 || token.Length > MaxLength || token.AsSpan(first + 1, last - first - 1).Contains('.'))
        {
            throw Unverified();
        }

        if (!HasOurSignature(token, last) || !HasHeader(token.AsSpan(0, first), expectedHeader, expectedType)
            || Claims.TryRead(token.AsSpan(first + 1, last - first - 1)) is not { } claims || claims.Audience != _audience)
        {
            throw Unverified();
        }

        return acceptExpired || claims.ExpiresAt > time.GetUtcNow().ToUnixTimeSeconds()
            ? claims
            : throw new XrpcException(AuthErrors.ExpiredToken, "Token has expired");
    }

    private bool HasOurSignature(string token, int last)
    {
        Span<byte> given = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Span<byte> ours = stackalloc byte[HMACSHA256.HashSizeInBytes];
        if (!Jwt.TryDecode(token.AsSpan(last + 1), given, out int length) || length != given.Length)
        {
            return false;
        }

        HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(token, 0, last), ours);
        return CryptographicOperations.FixedTimeEquals(given, ours);
    }

    private static bool HasHeader(ReadOnlySpan<char> header, string expected, string type)
    {
        if (header.SequenceEqual(expected))
        {
            return true;
        }

        using JsonDocument? json = Jwt.ReadJson(header);
        return Jwt.GetText(json, "typ") == type && Jwt.GetText(json, "alg") == "HS256";
    }

    private sealed record Claims(string? Scope, string? Audience, string? Subject, string? Id, long ExpiresAt, bool IsForeign)
    {
        public static Claims? TryRead(ReadOnlySpan<char> part)
        {
            using JsonDocument? json = Jwt.ReadJson(part);
            return json is null || Jwt.GetNumber(json, "exp") is not { } expiresAt
                ? null
                : new Claims(
                    Jwt.GetText(json, "scope"),
                    Jwt.GetText(json, "aud"),
                    Jwt.GetText(json, "sub"),
                    Jwt.GetText(json, "jti"),
                    expiresAt,
                    json.RootElement.TryGetProperty("lxm"u8, out _) || json.RootElement.TryGetProperty("cnf"u8, out _));
        }
    }
}
