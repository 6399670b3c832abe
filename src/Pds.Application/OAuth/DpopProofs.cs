using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Pds.Application.Accounts;
using Pds.Domain.Crypto;
using Pds.Domain.Errors;
using Pds.Domain.OAuth;

namespace Pds.Application.OAuth;

/// <summary>The part of an HTTP request that a DPoP proof is about.</summary>
/// <param name="Proofs">All headers <c>DPoP</c>.</param>
/// <param name="Method">The verb, as sent.</param>
/// <param name="Path">The path, encoded, without query.</param>
public sealed record DpopRequest(IReadOnlyList<string> Proofs, string Method, string Path);

/// <summary>Judges DPoP proofs (spec 07 §8, RFC 9449).</summary>
internal sealed class DpopProofs(DpopNonces nonces, IReplayStore replays, IVerifier verifier, ServerIdentity identity, TimeProvider time)
{
    /// <summary>The thumbprint of the key that a request is signed with; <see langword="null"/> when it has no proof.</summary>
    /// <param name="request">The request.</param>
    /// <param name="accessToken">The token that the proof goes with; <see langword="null"/> at the authorization server.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="XrpcException">invalid_dpop_proof, use_dpop_nonce.</exception>
    public async ValueTask<string?> VerifyAsync(DpopRequest request, string? accessToken, CancellationToken cancellationToken)
    {
        if (request.Proofs.Count == 0)
        {
            return null;
        }

        if (request.Proofs is not [{ Length: > 0 } text])
        {
            throw Fault("There must be exactly one DPoP header");
        }

        using SignedJson proof = SignedJson.TryRead(text) ?? throw Fault("DPoP proof is malformed");
        if (!IsProofType(Jwt.GetText(proof.Header, "typ")) || !proof.Header.RootElement.TryGetProperty("jwk", out JsonElement jwk)
            || !JsonWebKey.TryRead(jwk, out JsonWebKey? key) || !proof.IsSignedBy(key, verifier))
        {
            throw Fault("DPoP proof must be a dpop+jwt signed with the public key in its header");
        }

        CheckClaims(proof, request);
        CheckNonce(Jwt.GetText(proof.Claims, "nonce"), isAtResource: accessToken is not null);
        CheckToken(Jwt.GetText(proof.Claims, "ath"), accessToken);
        if (!await replays.TryAddAsync("dpop", $"{key.Thumbprint} {Jwt.GetText(proof.Claims, "jti")}", OAuthTimes.ProofMemory, cancellationToken))
        {
            throw Fault("DPoP proof replayed");
        }

        return key.Thumbprint;
    }

    private static XrpcException Fault(string message) => new(OAuthErrors.InvalidDpopProof, message);

    /// <summary>A media type, so without regard to case, and with or without <c>application/</c> (RFC 7515 §4.1.9).</summary>
    private static bool IsProofType(string? type) =>
        string.Equals(type, "dpop+jwt", StringComparison.OrdinalIgnoreCase) || string.Equals(type, "application/dpop+jwt", StringComparison.OrdinalIgnoreCase);

    private static void CheckToken(string? hash, string? accessToken)
    {
        string? expected = accessToken is null ? null : Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(accessToken)));
        if (hash != expected)
        {
            throw Fault(expected is null ? "DPoP proof must not have an ath without an access token" : "DPoP ath does not match the access token");
        }
    }

    private void CheckClaims(SignedJson proof, DpopRequest request)
    {
        long now = time.GetUtcNow().ToUnixTimeSeconds();
        if (Jwt.GetNumber(proof.Claims, "iat") is not { } issued
            || issued > now + (long)OAuthTimes.ProofTolerance.TotalSeconds || issued < now - (long)(OAuthTimes.ProofAge + OAuthTimes.ProofTolerance).TotalSeconds)
        {
            throw Fault("DPoP iat is missing, or not of now");
        }

        if (string.IsNullOrEmpty(Jwt.GetText(proof.Claims, "jti")))
        {
            throw Fault("DPoP jti is missing");
        }

        if (Jwt.GetText(proof.Claims, "htm") != request.Method)
        {
            throw Fault("DPoP htm does not match the request");
        }

        if (!IsAddress(Jwt.GetText(proof.Claims, "htu"), $"{identity.PublicUrl}{request.Path}"))
        {
            throw Fault("DPoP htu does not match the request");
        }
    }

    private void CheckNonce(string? nonce, bool isAtResource)
    {
        if (nonce is null || !nonces.IsGood(nonce))
        {
            throw new XrpcException(
                isAtResource ? OAuthErrors.UseDpopNonceAtResource : OAuthErrors.UseDpopNonce,
                isAtResource ? "Resource server requires nonce in DPoP proof" : "Authorization server requires nonce in DPoP proof");
        }
    }

    /// <summary>Query and fragment are not compared: some clients leave them in.</summary>
    private static bool IsAddress(string? given, string expected)
    {
        if (given is null)
        {
            return false;
        }

        int end = given.AsSpan().IndexOfAny('?', '#');
        string bare = end < 0 ? given : given[..end];
        return bare == expected
            || (Uri.TryCreate(bare, UriKind.Absolute, out Uri? one) && Uri.TryCreate(expected, UriKind.Absolute, out Uri? two) && one.UserInfo.Length == 0
                && one.GetLeftPart(UriPartial.Path) == two.GetLeftPart(UriPartial.Path));
    }
}
