using System.Text.Json.Serialization;
using MediatR;
using Pds.Application.Pipeline;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.OAuth;

namespace Pds.Application.OAuth;

/// <summary>Gives tokens for a code or a refresh token (spec 07 §6).</summary>
/// <param name="Call">The request.</param>
public sealed record ExchangeTokenCommand(OAuthCall Call) : ICommand<ExchangeTokenOutput>, IAnonymousRequest;

/// <summary>Tokens.</summary>
/// <param name="AccessToken">Opens methods, together with proofs of its key.</param>
/// <param name="TokenType"><c>DPoP</c>.</param>
/// <param name="RefreshToken">Good for one exchange; <see langword="null"/> for clients that do not want any.</param>
/// <param name="Scope">What was granted.</param>
/// <param name="ExpiresIn">Life of the access token in seconds.</param>
/// <param name="Sub">The account.</param>
public sealed record ExchangeTokenOutput(
    [property: JsonPropertyName("access_token")] string AccessToken,
    [property: JsonPropertyName("token_type")] string TokenType,
    [property: JsonPropertyName("refresh_token")] string? RefreshToken,
    string Scope,
    [property: JsonPropertyName("expires_in")] long ExpiresIn,
    Did Sub)
{
    /// <summary>The account: tokens are secret.</summary>
    public override string ToString() => Sub.ToString();
}

internal sealed class ExchangeTokenHandler(DpopProofs proofs, OAuthClients clients, CodeExchange codes, RefreshExchange refreshes)
    : IRequestHandler<ExchangeTokenCommand, ExchangeTokenOutput>
{
    public async Task<ExchangeTokenOutput> Handle(ExchangeTokenCommand command, CancellationToken cancellationToken)
    {
        OAuthCall call = command.Call;
        string grant = call.Require("grant_type");
        if (grant is not ("authorization_code" or "refresh_token"))
        {
            throw new XrpcException(OAuthErrors.UnsupportedGrantType, "grant_type must be authorization_code or refresh_token");
        }

        string dpopKey = await proofs.VerifyAsync(call.Proof, accessToken: null, cancellationToken)
            ?? throw new XrpcException(OAuthErrors.InvalidDpopProof, "DPoP proof required");
        (ClientMetadata client, ClientBinding binding) = await clients.AuthenticateAsync(call, dpopKey, allowStale: grant == "refresh_token", cancellationToken);
        var caller = new TokenCaller(client, binding, dpopKey, clients.IsTrustworthy(client));
        if (grant == "refresh_token" && !client.AllowsRefresh)
        {
            throw new XrpcException(OAuthErrors.InvalidGrant, "The client does not use refresh tokens");
        }

        return grant == "refresh_token" ? await refreshes.ExchangeAsync(call, caller, cancellationToken) : await codes.ExchangeAsync(call, caller, cancellationToken);
    }
}

/// <summary>Who wants tokens: an authenticated client with the key that they are bound to.</summary>
internal sealed record TokenCaller(ClientMetadata Client, ClientBinding Binding, string DpopKey, bool IsTrustworthy);
