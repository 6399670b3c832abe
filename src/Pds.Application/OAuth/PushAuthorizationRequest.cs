using System.Globalization;
using MediatR;
using Pds.Application.Pipeline;
using Pds.Domain.Accounts;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.OAuth;

namespace Pds.Application.OAuth;

/// <summary>Takes in what a client asks for, before its user comes (RFC 9126, spec 07 §4).</summary>
/// <param name="Call">The request.</param>
public sealed record PushAuthorizationRequestCommand(OAuthCall Call) : ICommand<PushAuthorizationRequestOutput>, IAnonymousRequest;

/// <summary>By what name the user's browser brings the request.</summary>
/// <param name="RequestUri">The name.</param>
/// <param name="ExpiresIn">How long it is good, in seconds.</param>
public sealed record PushAuthorizationRequestOutput(string RequestUri, int ExpiresIn);

internal sealed class PushAuthorizationRequestHandler(
    DpopProofs proofs, OAuthClients clients, RequestObjects objects, PermissionSets sets, IAuthorizationRequestStore requests, TimeProvider time)
    : IRequestHandler<PushAuthorizationRequestCommand, PushAuthorizationRequestOutput>
{
    private const int MaxLocales = 100;

    /// <summary>What is kept for an hour must not be as long as the client likes.</summary>
    private const int MaxState = 2048;
    private const int MaxScope = 8192;
    private const int MaxAddress = 2048;
    private const int MaxThumbprint = 128;
    private static readonly string[] Foreign = ["claims", "id_token_hint", "nonce"];

    public async Task<PushAuthorizationRequestOutput> Handle(PushAuthorizationRequestCommand command, CancellationToken cancellationToken)
    {
        OAuthCall call = command.Call;
        if (call.Find("request_uri") is not null)
        {
            throw Fault("request_uri is for the page, not for the push");
        }

        string? dpopKey = await proofs.VerifyAsync(call.Proof, accessToken: null, cancellationToken);
        (ClientMetadata client, ClientBinding binding) = await clients.AuthenticateAsync(call, dpopKey, allowStale: false, cancellationToken);
        call = await objects.OpenAsync(call, client, cancellationToken);
        if (call.Find("dpop_jkt") is { Length: > MaxThumbprint })
        {
            throw Fault("dpop_jkt is no thumbprint");
        }

        if (call.Find("dpop_jkt") is { } expected && dpopKey is not null && expected != dpopKey)
        {
            throw new XrpcException(OAuthErrors.InvalidToken, "dpop_jkt does not match the DPoP proof");
        }

        CheckShape(call);
        AuthorizationParameters parameters = ReadParameters(call, client);
        await sets.FindAsync(ScopeSet.Parse(parameters.Scope), cancellationToken);
        DateTimeOffset now = time.GetUtcNow();
        var request = new AuthorizationRequest
        {
            Id = OAuthSecrets.NewRequestId(),
            ClientId = client.ClientId,
            Client = binding,
            Parameters = parameters,
            DpopKey = dpopKey ?? call.Find("dpop_jkt"),
            ExpiresAt = now + OAuthTimes.Request,
        };
        await requests.AddAsync(request, now, cancellationToken);
        return new PushAuthorizationRequestOutput(OAuthSecrets.RequestUriPrefix + request.Id, (int)OAuthTimes.Request.TotalSeconds);
    }

    private static XrpcException Fault(string message) => new(OAuthErrors.InvalidRequest, message);

    private static void CheckShape(OAuthCall call)
    {
        if (Array.Find(Foreign, name => call.Find(name) is not null) is { } foreign)
        {
            throw Fault($"{foreign} is a parameter of OpenID Connect, which is not served");
        }

        if (call.Require("response_type") != "code")
        {
            throw new XrpcException(OAuthErrors.UnsupportedResponseType, "response_type must be code");
        }

        if (call.Find("authorization_details") is not null)
        {
            throw new XrpcException(OAuthErrors.InvalidAuthorizationDetails, "authorization_details are not served");
        }

        if (call.Find("display") is not (null or "page" or "popup" or "touch" or "wap"))
        {
            throw Fault("display must be page, popup or touch");
        }
    }

    private static string ReadRedirect(OAuthCall call, ClientMetadata client)
    {
        if (call.Find("redirect_uri") is not { } asked)
        {
            return client.RedirectUris is [string only] ? only : throw Fault("redirect_uri is required");
        }

        return asked.Length <= MaxAddress && client.RedirectUris.Any(registered => RedirectUri.IsMatch(asked, registered)) ? asked : throw Fault("redirect_uri is not one of the client's");
    }

    /// <summary>Tokens must stand in the metadata as they are; of those, what is not understood is left out.</summary>
    private static string ReadScope(OAuthCall call, ClientMetadata client)
    {
        string scope = call.Require("scope");
        IReadOnlyList<string> asked = scope.Length > MaxScope ? throw Fault($"scope must have {MaxScope} characters or less") : ScopeSet.Split(scope) ?? throw Fault("scope is malformed");
        if (asked.FirstOrDefault(token => !client.Scope.Contains(token)) is { } undeclared)
        {
            throw new XrpcException(OAuthErrors.InvalidScope, $"Scope \"{undeclared}\" is not declared in the client metadata");
        }

        var scopes = ScopeSet.Of(asked);
        if (!scopes.Contains(StaticScope.Atproto))
        {
            throw new XrpcException(OAuthErrors.InvalidScope, "The scope atproto is required");
        }

        return asked.Contains("openid") ? throw new XrpcException(OAuthErrors.InvalidScope, "OpenID Connect is not served")
            : scopes.ToString();
    }

    private AuthorizationParameters ReadParameters(OAuthCall call, ClientMetadata client)
    {
        string redirect = ReadRedirect(call, client);
        string scope = ReadScope(call, client);
        string challenge = call.Require("code_challenge");
        if (call.Find("code_challenge_method") != "S256" || !Pkce.IsChallenge(challenge))
        {
            throw Fault("code_challenge must be of the method S256");
        }

        string mode = call.Find("response_mode") ?? "query";
        return mode is "query" or "fragment" or "form_post"
            ? new AuthorizationParameters
            {
                RedirectUri = redirect,
                Scope = scope,
                CodeChallenge = challenge,
                State = ReadState(call),
                LoginHint = ReadHint(call),
                Prompt = ReadPrompt(call, client),
                MaxAge = ReadMaxAge(call),
                ResponseMode = mode,
                UiLocales = ReadLocales(call),
            }
            : throw Fault("response_mode must be query, fragment or form_post");
    }

    private static string? ReadState(OAuthCall call) =>
        call.Find("state") is { Length: > MaxState } ? throw Fault($"state must have {MaxState} characters or less") : call.Find("state");

    private static int? ReadMaxAge(OAuthCall call) => call.Find("max_age") is not { } text ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) ? seconds
        : throw Fault("max_age must be a number of seconds");

    private static string? ReadHint(OAuthCall call)
    {
        string? hint = call.Find("login_hint") is { } asked ? PastedText.Clean(asked).ToLowerInvariant() : null;
        return hint is null || (AtIdentifier.TryParse(hint, out AtIdentifier identifier) && (!identifier.TryGetDid(out Did did) || did.Method is "plc" or "web"))
            ? hint
            : throw Fault("login_hint must be a DID or a handle");
    }

    private static string? ReadLocales(OAuthCall call)
    {
        string? locales = call.Find("ui_locales");
        return locales is null || (locales.Length <= MaxLocales && Array.TrueForAll(locales.Split(' '), IsLocale))
            ? locales
            : throw Fault("ui_locales must be language tags such as en or de-CH, parted by spaces");
    }

    private static bool IsLocale(string tag) => tag.Split('-') switch
    {
        [string language] => IsLanguage(language),
        [string language, { Length: 2 } region] => IsLanguage(language) && region.All(char.IsAsciiLetterUpper),
        _ => false,
    };

    private static bool IsLanguage(string text) => text.Length is 2 or 3 && text.All(char.IsAsciiLetterLower);

    /// <summary>Anybody can claim to be a public client, so its user is always asked.</summary>
    private string? ReadPrompt(OAuthCall call, ClientMetadata client)
    {
        string? prompt = call.Find("prompt");
        if (prompt is not (null or "none" or "login" or "consent" or "select_account" or "create"))
        {
            throw Fault("prompt must be none, login, consent, select_account or create");
        }

        if (prompt == "create" || clients.IsTrustworthy(client))
        {
            return prompt;
        }

        return prompt == "none" ? throw Fault("Public clients cannot sign in silently: consent is required") : "consent";
    }
}
