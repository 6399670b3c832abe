using MediatR;
using Microsoft.AspNetCore.Mvc;
using Pds.Api.Xrpc;
using Pds.Application.Server;

namespace Pds.Api.Server;

/// <summary><c>com.atproto.server.*</c> about the server itself.</summary>
/// <param name="mediator">Sends messages.</param>
public sealed class ServerController(IMediator mediator) : XrpcController
{
    /// <summary>What the server offers.</summary>
    [HttpGet("com.atproto.server.describeServer")]
    public async Task<IActionResult> DescribeServer(CancellationToken cancellationToken) =>
        Output(await mediator.Send(new DescribeServerQuery(), cancellationToken));

    /// <summary>Whether the server works: its version, and 503 when it does not.</summary>
    [HttpGet("_health")]
    public async Task<IActionResult> Health(CancellationToken cancellationToken)
    {
        GetHealthOutput health = await mediator.Send(new GetHealthQuery(), cancellationToken);
        return new XrpcResult(health, health.Error is null ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }
}
