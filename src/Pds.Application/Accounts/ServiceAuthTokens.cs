using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Pds.Application.Identity;
using Pds.Application.OAuth;
using Pds.Application.Pipeline;
using Pds.Domain.Accounts;
using Pds.Domain.Crypto;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.Identity;

namespace Pds.Application.Accounts;

/// <summary>Issues and checks service tokens: JWTs signed with an account's repository key, each for one audience and (normally) one method.</summary>
/// <param name="resolver">Finds the keys of issuers.</param>
/// <param name="verifier">Checks their signatures; high-S ones are good here.</param>
/// <param name="identity">Our DID is the audience of tokens for us.</param>
/// <param name="replays">Remembers the tokens that may be used once only.</param>
/// <param name="time">The clock.</param>
/// <remarks>Source: <see href="https://atproto.com/specs/xrpc#inter-service-authentication-jwt"/></remarks>
public sealed class ServiceAuthTokens(IDidResolver resolver, IVerifier verifier, ServerIdentity identity, IReplayStore replays, TimeProvider time)
{
    /// <summary>Life of a token whose caller asks for nothing else: 60 seconds.</summary>
    public static readonly TimeSpan DefaultLifetime = TimeSpan.FromSeconds(60);

    /// <summary>Longest life, given and accepted: one hour.</summary>
    public static readonly TimeSpan MaxLifetime = TimeSpan.FromHours(1);

    private const int IdLength = 16;
    private const int MaxLength = 8192;
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Whether a token says of itself that it is for one method, as service tokens do and session tokens never; it proves nothing.</summary>
    public static bool NamesMethod(string token)
    {
        string[] parts = token.Length > MaxLength ? [] : token.Split('.');
        using JsonDocument? payload = parts.Length == 3 ? Jwt.ReadJson(parts[1]) : null;
        return Jwt.GetText(payload, "lxm") is not null;
    }

    /// <summary>Signs a token.</summary>
    /// <param name="signer">The repository key of the issuer.</param>
    /// <param name="issuer">The account that vouches.</param>
    /// <param name="audience">DID of the service, or <c>did#service</c>.</param>
    /// <param name="method">The method the token is good for; <see langword="null"/> for any.</param>
    /// <param name="expiresAt">When it ends; <see langword="null"/> for <see cref="DefaultLifetime"/> from now.</param>
    public string Issue(ISigner signer, Did issuer, string audience, Nsid? method, DateTimeOffset? expiresAt = null)
    {
        DateTimeOffset now = time.GetUtcNow();
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Compact))
        {
            json.WriteStartObject();
            json.WriteNumber("iat"u8, now.ToUnixTimeSeconds());
            json.WriteString("iss"u8, issuer.ToString());
            json.WriteString("aud"u8, audience);
            json.WriteNumber("exp"u8, expiresAt?.ToUnixTimeSeconds() ?? now.ToUnixTimeSeconds() + (long)DefaultLifetime.TotalSeconds);
            if (method is { } lxm)
            {
                json.WriteString("lxm"u8, lxm.ToString());
            }

            json.WriteString("jti"u8, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdLength)));
            json.WriteEndObject();
        }

        string header = Base64Url.EncodeToString(Encoding.ASCII.GetBytes($$"""{"typ":"JWT","alg":"{{signer.PublicKey.JwtAlgorithm}}"}"""));
        string unsigned = $"{header}.{Base64Url.EncodeToString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length))}";
        Span<byte> signature = stackalloc byte[ISigner.SignatureLength];
        signer.Sign(Encoding.ASCII.GetBytes(unsigned), signature);
        return $"{unsigned}.{Base64Url.EncodeToString(signature)}";
    }

    /// <summary>Checks a token for one of our methods.</summary>
    /// <param name="token">The compact JWT.</param>
    /// <param name="method">The method called.</param>
    /// <param name="isTrusted">Which issuers (DID, or DID#fragment) may call it; <see langword="null"/> for any account: an issuer without fragment.</param>
    /// <param name="once">Whether the method changes something, so that a token must not serve twice.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="XrpcException">One of <see cref="ServiceAuthErrors"/>, or AuthenticationRequired.</exception>
    public async ValueTask<Caller.Service> VerifyAsync(
        string token, Nsid method, Func<string, bool>? isTrusted, bool once, CancellationToken cancellationToken)
    {
        Unverified claims = Read(token);
        Check(claims, method);
        string[] issuer = claims.Issuer.Split('#');
        if (issuer.Length > 2 || (issuer.Length == 2 && issuer[1].Length == 0) || !Did.TryParse(issuer[0], out Did did))
        {
            throw new XrpcException(ServiceAuthErrors.BadJwtIss, "jwt iss is not a valid did");
        }

        // The fragment says which key speaks, and a labeler's key is not the account's.
        if (isTrusted is null ? issuer.Length > 1 : !isTrusted(claims.Issuer))
        {
            throw new XrpcException(ServiceAuthErrors.UntrustedIss, "Untrusted issuer");
        }

        string fragment = issuer.Length == 2 && issuer[1] == "atproto_labeler" ? "atproto_label" : "atproto";
        await CheckSignatureAsync(claims, did, fragment, cancellationToken);
        string own = identity.ServiceDid.ToString();
        if (claims.Audience != own && claims.Audience != $"{own}#atproto_pds")
        {
            throw new XrpcException(ServiceAuthErrors.BadJwtAudience, "jwt audience does not match service did");
        }

        if (once)
        {
            await RefuseReplayAsync(claims, cancellationToken);
        }

        return new Caller.Service(did, method);
    }

    /// <summary>Last of all, so that nobody can use up a token that is not good. One without an id is known by its signed text.</summary>
    private async ValueTask RefuseReplayAsync(Unverified claims, CancellationToken cancellationToken)
    {
        string id = claims.Id ?? Encoding.UTF8.GetString(claims.Message);
        TimeSpan left = DateTimeOffset.FromUnixTimeSeconds(claims.ExpiresAt + 1) - time.GetUtcNow();
        if (!await replays.TryAddAsync("service token", $"{claims.Issuer} {id}", left, cancellationToken))
        {
            throw new XrpcException(ServiceAuthErrors.JwtReplayed, "jwt was used before");
        }
    }

    private static Unverified Read(string token)
    {
        string[] parts = token.Length > MaxLength ? [] : token.Split('.');
        if (parts.Length == 3)
        {
            using JsonDocument? header = Jwt.ReadJson(parts[0]);
            RefuseUserToken(Jwt.GetText(header, "typ"));
            using JsonDocument? payload = Jwt.ReadJson(parts[1]);
            byte[] signature = new byte[ISigner.SignatureLength];
            if (Jwt.GetText(header, "alg") is { } algorithm && Jwt.GetText(payload, "iss") is { } issuer
                && Jwt.GetText(payload, "aud") is { } audience && Jwt.GetNumber(payload, "exp") is { } expiresAt)
            {
                bool complete = Jwt.TryDecode(parts[2], signature, out int length) && length == signature.Length;
                return new Unverified(
                    algorithm, issuer, audience, expiresAt, Jwt.GetText(payload, "lxm"), Jwt.GetText(payload, "jti"),
                    Encoding.UTF8.GetBytes($"{parts[0]}.{parts[1]}"), complete ? signature : []);
            }
        }

        throw new XrpcException(ServiceAuthErrors.BadJwt, "poorly formatted jwt");
    }

    /// <summary>Judged first: tokens of users lack claims that service tokens have, and clients act on this name.</summary>
    private static void RefuseUserToken(string? type)
    {
        if (type is "at+jwt" or "refresh+jwt" or "dpop+jwt")
        {
            throw new XrpcException(ServiceAuthErrors.BadJwtType, $"Invalid jwt type \"{type}\"");
        }
    }

    private void Check(Unverified claims, Nsid method)
    {
        long now = time.GetUtcNow().ToUnixTimeSeconds();
        if (now > claims.ExpiresAt || claims.ExpiresAt > now + (long)MaxLifetime.TotalSeconds)
        {
            throw new XrpcException(ServiceAuthErrors.JwtExpired, now > claims.ExpiresAt ? "jwt expired" : "jwt lives longer than an hour");
        }

        if (claims.Method != method.ToString())
        {
            throw new XrpcException(
                ServiceAuthErrors.BadJwtLexiconMethod,
                claims.Method is null ? $"missing jwt lexicon method (\"lxm\"). must match: {method}" : $"bad jwt lexicon method (\"lxm\"). must match: {method}");
        }
    }

    private async ValueTask CheckSignatureAsync(Unverified claims, Did issuer, string fragment, CancellationToken cancellationToken)
    {
        PublicKey key = await FindKeyAsync(issuer, fragment, refresh: false, cancellationToken);
        if (IsSignedBy(claims, key))
        {
            return;
        }

        PublicKey fresh = await FindKeyAsync(issuer, fragment, refresh: true, cancellationToken);
        if (fresh.Equals(key) || !IsSignedBy(claims, fresh))
        {
            throw new XrpcException(ServiceAuthErrors.BadJwtSignature, "jwt signature does not match jwt issuer");
        }
    }

    private bool IsSignedBy(Unverified claims, PublicKey key) =>
        claims.Algorithm == key.JwtAlgorithm && claims.Signature.Length > 0 && verifier.VerifyMalleable(key, claims.Message, claims.Signature);

    private async ValueTask<PublicKey> FindKeyAsync(Did issuer, string fragment, bool refresh, CancellationToken cancellationToken)
    {
        DidDocument? document;
        try
        {
            document = await resolver.ResolveAsync(issuer, refresh, cancellationToken);
        }
        catch (XrpcException)
        {
            document = null;
        }

        return document is null
            ? throw new XrpcException(AuthErrors.AuthenticationRequired, "could not resolve iss did")
            : document.FindKey(fragment) ?? throw new XrpcException(AuthErrors.AuthenticationRequired, "missing or bad key in did doc");
    }

    private sealed record Unverified(
        string Algorithm, string Issuer, string Audience, long ExpiresAt, string? Method, string? Id, byte[] Message, byte[] Signature);
}
