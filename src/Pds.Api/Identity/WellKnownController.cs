using MediatR;
using Microsoft.AspNetCore.Mvc;
using Pds.Api.Xrpc;
using Pds.Application.Identity;
using Pds.Domain.Accounts;

namespace Pds.Api.Identity;

/// <summary>What others read on the host names of our accounts and of this server to find out who they are.</summary>
/// <param name="mediator">Runs the use cases.</param>
internal sealed class WellKnownController(IMediator mediator) : ControllerBase
{
    /// <summary>The DID of the account whose handle is the host name asked.</summary>
    [HttpGet("/.well-known/atproto-did")]
    public async Task<IActionResult> GetAtprotoDid(CancellationToken cancellationToken)
    {
        GetHostedDidOutput output = await mediator.Send(new GetHostedDidQuery(Request.Host.Host), cancellationToken);
        return output.Did is { } did
            ? Content(did.ToString(), "text/plain")
            : new ContentResult { StatusCode = StatusCodes.Status404NotFound, ContentType = "text/plain", Content = "User not found" };
    }

    /// <summary>Whether a proxy that makes certificates on demand may make one for a host name.</summary>
    [HttpGet("/tls-check")]
    public async Task<IActionResult> CheckHostedName(string? domain, CancellationToken cancellationToken)
    {
        CheckHostedNameOutput output = await mediator.Send(new CheckHostedNameQuery(domain), cancellationToken);
        return output.IsHosted
            ? new XrpcResult(new CertificateGrant(), StatusCodes.Status200OK)
            : new XrpcResult(new XrpcErrorBody(AccountErrors.NotFound.Name, "Nobody here has this handle."), StatusCodes.Status404NotFound);
    }

    /// <summary>The DID document of the <c>did:web</c> that is the host name asked.</summary>
    [HttpGet("/.well-known/did.json")]
    public async Task<IActionResult> GetDidDocument(CancellationToken cancellationToken)
    {
        GetHostedDocumentOutput output = await mediator.Send(new GetHostedDocumentQuery(Request.Host.Host), cancellationToken);
        return output.Document is { } document ? IdentityJson.Result(document) : NotFound();
    }

    private sealed record CertificateGrant
    {
        public bool Success => true;
    }
}
