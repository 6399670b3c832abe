using System.Text.Json.Serialization;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Pds.Api.Authentication;
using Pds.Api.Pages;
using Pds.Api.RateLimits;
using Pds.Api.Xrpc;
using Pds.Application.OAuth;
using Pds.Application.Pipeline;

namespace Pds.Api.OAuth;

/// <summary>The endpoints for clients: push a request, get tokens, give them back.</summary>
[Route("oauth")]
[OAuthErrors]
[PdsArea(PdsArea.AuthorizationServer)]
internal sealed class OAuthController : ControllerBase
{
    private readonly IMediator _mediator;
    private readonly DpopHandler _dpop;

    /// <summary>Creates the controller; the container does.</summary>
    /// <param name="mediator">Runs the use cases.</param>
    /// <param name="services">Where the handler of proofs is.</param>
    public OAuthController(IMediator mediator, IServiceProvider services)
    {
        _mediator = mediator;
        _dpop = services.GetRequiredService<DpopHandler>();
    }

    /// <summary>Takes in an authorization request. Limited, unlike the reference: everybody may have it keep a request for an hour.</summary>
    [HttpPost("par")]
    [Capacity(CapacityKind.Clients)]
    [RateLimit(500, RateLimitWindow.FiveMinutes, Bucket = "oauth-par")]
    [RequestSizeLimit(OAuthBody.MaxBytes)]
    public async Task<IActionResult> Push(CancellationToken cancellationToken)
    {
        PushAuthorizationRequestOutput output = await _mediator.Send(new PushAuthorizationRequestCommand(await ReadAsync(cancellationToken)), cancellationToken);
        return new XrpcResult(new PushedRequest(output.RequestUri, output.ExpiresIn), StatusCodes.Status201Created);
    }

    /// <summary>Gives tokens.</summary>
    [HttpPost("token")]
    [Capacity(CapacityKind.Clients)]
    [RequestSizeLimit(OAuthBody.MaxBytes)]
    public async Task<IActionResult> Token(CancellationToken cancellationToken) =>
        new XrpcResult(await _mediator.Send(new ExchangeTokenCommand(await ReadAsync(cancellationToken)), cancellationToken));

    /// <summary>Ends a session.</summary>
    [HttpPost("revoke")]
    [Capacity(CapacityKind.Clients)]
    [RequestSizeLimit(OAuthBody.MaxBytes)]
    public async Task<IActionResult> Revoke(CancellationToken cancellationToken)
    {
        await _mediator.Send(new RevokeTokenCommand(await ReadAsync(cancellationToken)), cancellationToken);
        return new XrpcResult(new object());
    }

    private async Task<OAuthCall> ReadAsync(CancellationToken cancellationToken)
    {
        _dpop.SendNonce(Response);
        Response.Headers.CacheControl = "no-store";
        Response.Headers.Pragma = "no-cache";
        return new OAuthCall(await OAuthBody.ReadAsync(Request, cancellationToken), DpopHandler.Describe(Request));
    }

    private sealed record PushedRequest([property: JsonPropertyName("request_uri")] string RequestUri, [property: JsonPropertyName("expires_in")] int ExpiresIn);
}
