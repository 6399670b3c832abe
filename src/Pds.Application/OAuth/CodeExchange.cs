using Pds.Application.Accounts;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.OAuth;

namespace Pds.Application.OAuth;

/// <summary>Begins sessions: a code for the first tokens (spec 07 §6.1).</summary>
internal sealed class CodeExchange(
    IAuthorizationRequestStore requests, IOAuthSessionStore sessions, IDeviceStore devices, IAccountStore accounts, IReplayStore replays, TokenAnswers answers, TimeProvider time)
{
    public async Task<ExchangeTokenOutput> ExchangeAsync(OAuthCall call, TokenCaller caller, CancellationToken cancellationToken)
    {
        string code = call.Require("code");
        string redirect = call.Require("redirect_uri");
        string verifier = call.Require("code_verifier");
        string hash = OAuthSecrets.Hash(code);
        AuthorizationRequest? request = OAuthSecrets.IsCode(code) ? await requests.TakeAsync(hash, cancellationToken) : null;
        if (request is null)
        {
            await EndReplayedAsync(hash, cancellationToken);
            throw Fault("Invalid code");
        }

        DateTimeOffset now = time.GetUtcNow();
        Check(request, caller, redirect, verifier, now);
        if (!await replays.TryAddAsync("challenge", request.Parameters.CodeChallenge, OAuthTimes.ChallengeMemory, cancellationToken))
        {
            throw Fault("code_challenge was used before");
        }

        SignInProof proof = request.SignIn ?? throw Fault("Invalid code");
        Did did = proof.Account;
        if (await accounts.FindAsync(new AtIdentifier(did), cancellationToken) is not { IsActive: true })
        {
            throw Fault("The account is not active");
        }

        string? refresh = caller.Client.AllowsRefresh ? OAuthSecrets.NewRefreshToken() : null;
        var session = new OAuthSession
        {
            Id = OAuthSecrets.NewSessionId(),
            TokenId = OAuthSecrets.NewTokenId(),
            Did = did,
            ClientId = caller.Client.ClientId,
            Client = caller.Binding,
            DpopKey = caller.DpopKey,
            Scope = request.GrantedScope ?? request.Parameters.Scope,
            Permissions = request.Permissions,
            DeviceId = request.DeviceId,
            CreatedAt = now,
            UpdatedAt = now,
            ExpiresAt = TokenAnswers.EndOf(now, now, caller.IsTrustworthy),
            CodeHash = hash,
            RefreshHash = refresh is null ? null : OAuthSecrets.Hash(refresh),
        };
        try
        {
            await sessions.AddAsync(proof, session, cancellationToken);
        }
        catch (XrpcException refusal) when (refusal.Error == AuthErrors.AuthenticationRequired)
        {
            throw Fault("The sign-in behind the code has ended");
        }

        return answers.Describe(session, refresh);
    }

    private static XrpcException Fault(string message) => new(OAuthErrors.InvalidGrant, message);

    private void Check(AuthorizationRequest request, TokenCaller caller, string redirect, string verifier, DateTimeOffset now)
    {
        if (request.ExpiresAt <= now)
        {
            throw Fault("The code has expired");
        }

        if (request.ClientId != caller.Client.ClientId || !request.Client.IsContinuedBy(caller.Binding))
        {
            throw Fault("The code was given to another client");
        }

        if (request.DpopKey is { } key && key != caller.DpopKey)
        {
            throw Fault("The DPoP key is not the one of the request");
        }

        if (redirect != request.Parameters.RedirectUri)
        {
            throw Fault("redirect_uri is not the one of the request");
        }

        if (!Pkce.IsMatch(verifier, request.Parameters.CodeChallenge))
        {
            throw Fault("code_verifier does not match the challenge of the request");
        }
    }

    /// <summary>Somebody has the code who should not: whoever was first may be the thief.</summary>
    private async Task EndReplayedAsync(string hash, CancellationToken cancellationToken)
    {
        if (await sessions.FindBySecretAsync(hash, cancellationToken) is not { } session || session.CodeHash != hash)
        {
            return;
        }

        await sessions.RemoveAsync(session.Id, cancellationToken);
        if (session.DeviceId is { } device)
        {
            await devices.ForgetAsync(device, session.Did, cancellationToken);
        }
    }
}

/// <summary>Describes sessions to their clients.</summary>
internal sealed class TokenAnswers(OAuthTokens tokens, TimeProvider time)
{
    /// <summary>When a session ends, if it is not used before then.</summary>
    public static DateTimeOffset EndOf(DateTimeOffset createdAt, DateTimeOffset now, bool isTrustworthy)
    {
        DateTimeOffset whole = createdAt + OAuthTimes.Session(isTrustworthy);
        DateTimeOffset idle = now + OAuthTimes.Idle(isTrustworthy);
        return whole < idle ? whole : idle;
    }

    /// <summary>The tokens of a session as it is. The access token never outlives the session.</summary>
    public ExchangeTokenOutput Describe(OAuthSession session, string? refreshToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        DateTimeOffset end = now + OAuthTimes.AccessToken;
        end = session.ExpiresAt < end ? session.ExpiresAt : end;
        return new ExchangeTokenOutput(tokens.Issue(session, end), "DPoP", refreshToken, session.EffectiveScope, (long)(end - now).TotalSeconds, session.Did);
    }
}
