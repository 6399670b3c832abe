using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Pds.Api.RateLimits;
using Pds.Api.Xrpc;
using Pds.Application.Pipeline;
using Pds.Application.Server;
using Pds.Domain.Identifiers;

namespace Pds.Api.Server;

/// <summary><c>com.atproto.server.*</c> about the server itself.</summary>
/// <param name="mediator">Sends messages.</param>
[XrpcOpenTo(CallerKinds.Account)]
internal sealed class ServerController(IMediator mediator) : XrpcController
{
    /// <summary>What the server offers.</summary>
    [XrpcRoute<DescribeServerQuery>]
    public async Task<IActionResult> DescribeServer(CancellationToken cancellationToken) =>
        Output(await mediator.Send(new DescribeServerQuery(), cancellationToken));

    /// <summary>Whether the server works: its version, and 503 when it does not.</summary>
    [XrpcRoute<GetHealthQuery>]
    [Capacity(CapacityKind.Nothing)]
    public async Task<IActionResult> Health(CancellationToken cancellationToken)
    {
        GetHealthOutput health = await mediator.Send(new GetHealthQuery(), cancellationToken);
        return new XrpcResult(health, health.Error is null ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    /// <summary>Lexicon: <c>com.atproto.temp.checkSignupQueue</c>.</summary>
    [XrpcRoute<CheckSignupQueueQuery>]
    public async Task<IActionResult> CheckSignupQueue(Caller caller, CancellationToken cancellationToken) =>
        Output(await mediator.Send(new CheckSignupQueueQuery(caller), cancellationToken));

    /// <summary>Lexicon: <c>com.atproto.temp.checkHandleAvailability</c>. The birth date is not used.</summary>
    [XrpcRoute<CheckHandleAvailabilityQuery>]
    public async Task<IActionResult> CheckHandleAvailability([BindRequired] Handle handle, string? email, CancellationToken cancellationToken) =>
        Output(await mediator.Send(new CheckHandleAvailabilityQuery(handle) { Email = email }, cancellationToken));
}
