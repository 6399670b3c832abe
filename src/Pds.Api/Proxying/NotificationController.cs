using MediatR;
using Microsoft.AspNetCore.Mvc;
using Pds.Api.RateLimits;
using Pds.Api.Xrpc;
using Pds.Application.Pipeline;
using Pds.Application.Proxying;
using Pds.Domain.DataModel;

namespace Pds.Api.Proxying;

/// <summary>Push notifications, whose services are found by what the client sends: <c>app.bsky.notification.*</c>.</summary>
/// <param name="mediator">Sends the messages.</param>
[ForwardElsewhere]
[XrpcOpenTo(CallerKinds.Account)]
internal sealed class NotificationController(IMediator mediator) : XrpcController
{
    /// <summary>Lexicon: <c>app.bsky.notification.registerPush</c>.</summary>
    [HttpPost("app.bsky.notification.registerPush")]
    [Capacity(CapacityKind.Forwards)]
    public Task<IActionResult> RegisterPush(Caller caller, [XrpcBody] DataMap input, CancellationToken cancellationToken) =>
        PassOnAsync(caller, input, cancellationToken);

    /// <summary>Lexicon: <c>app.bsky.notification.unregisterPush</c>.</summary>
    [HttpPost("app.bsky.notification.unregisterPush")]
    [Capacity(CapacityKind.Forwards)]
    public Task<IActionResult> UnregisterPush(Caller caller, [XrpcBody] DataMap input, CancellationToken cancellationToken) =>
        PassOnAsync(caller, input, cancellationToken);

    private async Task<IActionResult> PassOnAsync(Caller caller, DataMap input, CancellationToken cancellationToken) =>
        new ServiceAnswerResult(await mediator.Send(new RegisterPushCommand(caller, Method, input), cancellationToken));
}
