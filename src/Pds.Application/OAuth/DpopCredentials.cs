using Pds.Application.Pipeline;
using Pds.Domain.Errors;
using Pds.Domain.OAuth;

namespace Pds.Application.OAuth;

/// <summary>Judges the credentials of the scheme <c>DPoP</c> at the resource server (spec 04 §4.3).</summary>
public sealed class DpopCredentials
{
    private readonly DpopProofs _proofs;
    private readonly OAuthTokens _tokens;
    private readonly IOAuthSessionStore _sessions;
    private readonly TimeProvider _time;

    internal DpopCredentials(DpopProofs proofs, OAuthTokens tokens, IOAuthSessionStore sessions, TimeProvider time)
    {
        _proofs = proofs;
        _tokens = tokens;
        _sessions = sessions;
        _time = time;
    }

    /// <summary>The caller behind an access token and the proof that goes with it. Tokens are looked up each time, so that an end takes effect at once.</summary>
    /// <exception cref="XrpcException">invalid_token, invalid_dpop_proof, use_dpop_nonce.</exception>
    public async ValueTask<Caller> AuthenticateAsync(string accessToken, DpopRequest request, CancellationToken cancellationToken)
    {
        OAuthTokens.Claims claims = _tokens.TryRead(accessToken) ?? throw Fault("The access token is not one of this server");
        string key = await _proofs.VerifyAsync(request, accessToken, cancellationToken) ?? throw new XrpcException(OAuthErrors.InvalidDpopProof, "DPoP proof required");
        if (key != claims.DpopKey)
        {
            throw Fault("Invalid DPoP key binding");
        }

        DateTimeOffset now = _time.GetUtcNow();
        if (claims.ExpiresAt <= now.ToUnixTimeSeconds())
        {
            throw Fault("The access token has expired");
        }

        OAuthSession? session = await _sessions.FindByTokenAsync(claims.TokenId, cancellationToken);
        if (session is null || session.DpopKey != key || session.ExpiresAt <= now)
        {
            throw Fault("The access token was revoked");
        }

        ScopeSet scopes = ScopeSet.Parse(session.EffectiveScope);
        return scopes.Contains(StaticScope.Atproto) ? new Caller.OAuth(session.Did, session.ClientId, scopes) : throw Fault("The access token lacks the scope atproto");
    }

    private static XrpcException Fault(string message) => new(OAuthErrors.InvalidToken, message);
}
