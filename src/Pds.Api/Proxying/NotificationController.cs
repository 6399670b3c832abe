using MediatR;
using Microsoft.AspNetCore.Mvc;
using Pds.Api.RateLimits;
using Pds.Api.Xrpc;
using Pds.Application.Pipeline;
using Pds.Application.Proxying;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;

namespace Pds.Api.Proxying;

/// <summary>Push notifications, whose services are found by what the client sends: <c>app.bsky.notification.*</c>.</summary>
/// <param name="mediator">Sends the messages.</param>
[ForwardElsewhere]
[XrpcOpenTo(CallerKinds.Account)]
internal sealed class NotificationController(IMediator mediator) : XrpcController
{
    private const string Register = "app.bsky.notification.registerPush";
    private const string Unregister = "app.bsky.notification.unregisterPush";

    /// <summary>Lexicon: <c>app.bsky.notification.registerPush</c>.</summary>
    [HttpPost(Register)]
    [Capacity(CapacityKind.Forwards)]
    public Task<IActionResult> RegisterPush(Caller caller, [XrpcBody] DataMap input, CancellationToken cancellationToken) =>
        PassOnAsync(caller, Register, input, cancellationToken);

    /// <summary>Lexicon: <c>app.bsky.notification.unregisterPush</c>.</summary>
    [HttpPost(Unregister)]
    [Capacity(CapacityKind.Forwards)]
    public Task<IActionResult> UnregisterPush(Caller caller, [XrpcBody] DataMap input, CancellationToken cancellationToken) =>
        PassOnAsync(caller, Unregister, input, cancellationToken);

    private async Task<IActionResult> PassOnAsync(Caller caller, string method, DataMap input, CancellationToken cancellationToken) =>
        new ServiceAnswerResult(await mediator.Send(new RegisterPushCommand(caller, Nsid.Parse(method), input), cancellationToken));
}
