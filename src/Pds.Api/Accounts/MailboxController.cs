using MediatR;
using Microsoft.AspNetCore.Mvc;
using Pds.Api.RateLimits;
using Pds.Api.Xrpc;
using Pds.Application.Accounts;
using Pds.Application.Pipeline;

namespace Pds.Api.Accounts;

/// <summary>What is done by tokens from the mailbox: <c>com.atproto.server.*Email*</c> and <c>*Password*</c>.</summary>
/// <param name="mediator">Sends the messages.</param>
[XrpcOpenTo(CallerKinds.Account)]
internal sealed class MailboxController(IMediator mediator) : XrpcController
{
    /// <summary>Lexicon: <c>com.atproto.server.requestEmailConfirmation</c>.</summary>
    [XrpcRoute<RequestEmailConfirmationCommand>]
    public async Task<IActionResult> RequestEmailConfirmation(Caller caller, CancellationToken cancellationToken) =>
        Output(await mediator.Send(new RequestEmailConfirmationCommand(caller), cancellationToken));

    /// <summary>Lexicon: <c>com.atproto.server.confirmEmail</c>.</summary>
    [XrpcRoute<ConfirmEmailCommand>]
    public async Task<IActionResult> ConfirmEmail(Caller caller, [XrpcBody] ConfirmEmailInput input, CancellationToken cancellationToken) =>
        Output(await mediator.Send(new ConfirmEmailCommand(caller, input), cancellationToken));

    /// <summary>Lexicon: <c>com.atproto.server.requestEmailUpdate</c>.</summary>
    [XrpcRoute<RequestEmailUpdateCommand>]
    public async Task<IActionResult> RequestEmailUpdate(Caller caller, CancellationToken cancellationToken) =>
        Output(await mediator.Send(new RequestEmailUpdateCommand(caller), cancellationToken));

    /// <summary>Lexicon: <c>com.atproto.server.updateEmail</c>.</summary>
    [XrpcRoute<UpdateEmailCommand>]
    public async Task<IActionResult> UpdateEmail(Caller caller, [XrpcBody] UpdateEmailInput input, CancellationToken cancellationToken) =>
        Output(await mediator.Send(new UpdateEmailCommand(caller, input), cancellationToken));

    /// <summary>Lexicon: <c>com.atproto.server.requestPasswordReset</c>.</summary>
    [XrpcRoute<RequestPasswordResetCommand>]
    public async Task<IActionResult> RequestPasswordReset([XrpcBody] RequestPasswordResetInput input, CancellationToken cancellationToken) =>
        Output(await mediator.Send(new RequestPasswordResetCommand(input), cancellationToken));

    /// <summary>Lexicon: <c>com.atproto.server.resetPassword</c>.</summary>
    [XrpcRoute<ResetPasswordCommand>]
    [Capacity(CapacityKind.Passwords)]
    public async Task<IActionResult> ResetPassword([XrpcBody] ResetPasswordInput input, CancellationToken cancellationToken) =>
        Output(await mediator.Send(new ResetPasswordCommand(input, HttpContext.Connection.RemoteIpAddress), cancellationToken));
}
