using MediatR;
using Microsoft.AspNetCore.Mvc;
using Pds.Api.Xrpc;
using Pds.Application.Settings;

namespace Pds.Api.Sync;

/// <summary>The events as JSON, in the way of Jetstream, for those who do not want to read CBOR and CARs.</summary>
/// <param name="mediator">Runs the use cases.</param>
/// <param name="options">Whether it is served.</param>
internal sealed class JetstreamController(IMediator mediator, FirehoseSettings options) : ControllerBase
{
    /// <summary>The stream.</summary>
    [HttpGet("/subscribe")]
    [XrpcSubscription]
    public IActionResult Subscribe() => options.JetstreamEnabled ? new JetstreamResult(mediator) : NotFound();
}
