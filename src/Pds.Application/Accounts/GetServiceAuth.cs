using MediatR;
using Pds.Application.Crypto;
using Pds.Application.Pipeline;
using Pds.Domain.Accounts;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.OAuth;

namespace Pds.Application.Accounts;

/// <summary>Signs a token by which another service knows the caller. Lexicon: <c>com.atproto.server.getServiceAuth</c>.</summary>
/// <param name="Caller">Who shall be known.</param>
/// <param name="Aud">The service: a DID, or <c>did#service</c>.</param>
/// <param name="Exp">End of the token in seconds since the Unix epoch; <see langword="null"/> for a minute from now.</param>
/// <param name="Lxm">The method to call there; <see langword="null"/> for any.</param>
[XrpcMethod("com.atproto.server.getServiceAuth")]
public sealed record GetServiceAuthQuery(Caller Caller, string Aud, long? Exp, Nsid? Lxm) : IQuery<GetServiceAuthOutput>, IAuthorizedRequest
{
    /// <inheritdoc/>
    public Permission Required => Permission.Standard with { AllowTakendownSession = true, Scoped = [new ScopeDemand.Call(Lxm, Aud)] };
}

/// <summary>A service token.</summary>
/// <param name="Token">The compact JWT.</param>
public sealed record GetServiceAuthOutput(string Token)
{
    /// <summary>Nothing: the token is secret.</summary>
    public override string ToString() => nameof(GetServiceAuthOutput);
}

internal sealed class GetServiceAuthHandler(IAccountStore accounts, ISigningKeys keys, ServiceAuthTokens tokens, RestrictedMethods restricted, TimeProvider time)
    : IRequestHandler<GetServiceAuthQuery, GetServiceAuthOutput>
{
    public async Task<GetServiceAuthOutput> Handle(GetServiceAuthQuery query, CancellationToken cancellationToken)
    {
        Account account = await accounts.RequireOwnAsync(query.Caller, cancellationToken);
        CheckAudience(query.Aud);
        if (query.Caller is Caller.Session session)
        {
            CheckScope(account.TakedownRef is null ? session.Scope : SessionScope.Takendown, query.Lxm);
        }

        CheckLifetime(query);
        if (query.Lxm is { } method && restricted.IsProtected(method.ToString()))
        {
            throw Refusal($"cannot request a service auth token for the following protected method: {method}");
        }

        DateTimeOffset? expiresAt = query.Exp is { } exp ? DateTimeOffset.FromUnixTimeSeconds(exp) : null;
        return new GetServiceAuthOutput(tokens.Issue(await keys.GetAsync(account.Did, cancellationToken), account.Did, query.Aud, query.Lxm, expiresAt));
    }

    private static XrpcException Refusal(string message) => new(RequestErrors.InvalidRequest, message);

    private static void CheckAudience(string audience)
    {
        int hash = audience.IndexOf('#', StringComparison.Ordinal);
        bool valid = Did.TryParse(hash < 0 ? audience : audience[..hash], out Did did) && did.IsOfAtproto
            && (hash < 0 || (hash < audience.Length - 1 && audience.AsSpan(hash + 1).IndexOfAny('#', ' ') < 0));
        if (!valid)
        {
            throw Refusal("aud must be a valid atproto DID or did#serviceId reference");
        }
    }

    private void CheckScope(SessionScope scope, Nsid? lxm)
    {
        string? method = lxm?.ToString();
        if (scope is SessionScope.Takendown && !restricted.IsWayOut(method))
        {
            throw new XrpcException(AuthErrors.InvalidToken, "Bad token scope");
        }

        if (scope is SessionScope.AppPass && method is not null && restricted.IsPrivileged(method))
        {
            throw Refusal($"insufficient access to request a service auth token for the following method: {method}");
        }
    }

    private void CheckLifetime(GetServiceAuthQuery query)
    {
        long now = time.GetUtcNow().ToUnixTimeSeconds();
        string? fault = (query.Exp - now) switch
        {
            null => null,
            < 0 => "expiration is in past",
            > 3600 => "cannot request a token with an expiration more than an hour in the future",
            > 60 when query.Lxm is null => "cannot request a method-less token with an expiration more than a minute in the future",
            _ => null,
        };
        if (fault is not null)
        {
            throw new XrpcException(AccountErrors.BadExpiration, fault);
        }
    }
}
