using MediatR;
using Microsoft.AspNetCore.Mvc;
using Pds.Api.Xrpc;
using Pds.Application.Identity;
using Pds.Application.Pipeline;

namespace Pds.Api.Identity;

/// <summary><c>com.atproto.identity.*</c> about the caller: its handle and its PLC operations.</summary>
/// <param name="mediator">Sends the messages.</param>
[XrpcOpenTo(CallerKinds.Account)]
internal sealed class OwnIdentityController(IMediator mediator) : XrpcController
{
    /// <summary>Lexicon: <c>com.atproto.identity.updateHandle</c>.</summary>
    [XrpcRoute<UpdateHandleCommand>]
    public async Task<IActionResult> UpdateHandle(Caller caller, [XrpcBody] UpdateHandleInput input, CancellationToken cancellationToken) =>
        Output(await mediator.Send(new UpdateHandleCommand(caller, input), cancellationToken));

    /// <summary>Lexicon: <c>com.atproto.identity.getRecommendedDidCredentials</c>.</summary>
    [XrpcRoute<GetRecommendedDidCredentialsQuery>]
    public async Task<IActionResult> GetRecommendedDidCredentials(Caller caller, CancellationToken cancellationToken) =>
        Output(await mediator.Send(new GetRecommendedDidCredentialsQuery(caller), cancellationToken));

    /// <summary>Lexicon: <c>com.atproto.identity.requestPlcOperationSignature</c>.</summary>
    [XrpcRoute<RequestPlcOperationSignatureCommand>]
    public async Task<IActionResult> RequestPlcOperationSignature(Caller caller, CancellationToken cancellationToken) =>
        Output(await mediator.Send(new RequestPlcOperationSignatureCommand(caller), cancellationToken));

    /// <summary>Lexicon: <c>com.atproto.identity.signPlcOperation</c>.</summary>
    [XrpcRoute<SignPlcOperationCommand>]
    public async Task<IActionResult> SignPlcOperation(Caller caller, [XrpcBody] SignPlcOperationInput input, CancellationToken cancellationToken) =>
        Output(await mediator.Send(new SignPlcOperationCommand(caller, input), cancellationToken));

    /// <summary>Lexicon: <c>com.atproto.identity.submitPlcOperation</c>.</summary>
    [XrpcRoute<SubmitPlcOperationCommand>]
    public async Task<IActionResult> SubmitPlcOperation(Caller caller, [XrpcBody] SubmitPlcOperationInput input, CancellationToken cancellationToken) =>
        Output(await mediator.Send(new SubmitPlcOperationCommand(caller, input), cancellationToken));
}
