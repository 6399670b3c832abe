using Microsoft.Net.Http.Headers;
using Pds.Application.OAuth;
using Pds.Application.Pipeline;
using Pds.Domain.Errors;

namespace Pds.Api.Authentication;

/// <summary>OAuth access tokens at the resource server: the scheme <c>DPoP</c> (spec 04 §4.3). A bound token sent as <c>Bearer</c> never gets here.</summary>
internal sealed class DpopHandler(DpopCredentials credentials, DpopNonces nonces)
{
    public const string NonceHeader = "DPoP-Nonce";

    private static readonly string Algorithms = string.Join(' ', OAuthUseCases.Algorithms);

    /// <summary>The caller; every answer to him carries the next nonce.</summary>
    /// <exception cref="XrpcException">invalid_token, invalid_dpop_proof, use_dpop_nonce.</exception>
    public async ValueTask<Caller> AuthenticateAsync(HttpContext context, AuthorizationHeader header)
    {
        SendNonce(context.Response);
        try
        {
            return await credentials.AuthenticateAsync(header.Credentials, Describe(context.Request), context.RequestAborted);
        }
        catch (XrpcException refusal)
        {
            Challenge(context.Response, refusal);
            throw;
        }
    }

    /// <summary>What a proof is about. Host and scheme are the configured ones, whatever a proxy made of them.</summary>
    public static DpopRequest Describe(HttpRequest request) =>
        new([.. request.Headers["DPoP"].Select(proof => proof ?? "")], request.Method, request.PathBase.Add(request.Path).ToUriComponent());

    /// <summary>Says what was wrong with the proof or the token in the way that clients of DPoP expect.</summary>
    public static void Challenge(HttpResponse response, XrpcException refusal) =>
        response.Headers.WWWAuthenticate = $"DPoP algs=\"{Algorithms}\", error=\"{refusal.Error.Name}\", error_description=\"{refusal.Message.Replace('"', '\'')}\"";

    /// <summary>Sends the next nonce, readable by scripts of other origins.</summary>
    public void SendNonce(HttpResponse response)
    {
        response.Headers[NonceHeader] = nonces.Next;
        response.Headers.Append(HeaderNames.AccessControlExposeHeaders, $"{NonceHeader}, {HeaderNames.WWWAuthenticate}");
    }
}
