using MediatR;
using Microsoft.AspNetCore.Mvc;
using Pds.Api.Authentication;
using Pds.Api.RateLimits;
using Pds.Api.Xrpc;
using Pds.Application.Accounts;
using Pds.Application.Pipeline;

namespace Pds.Api.Accounts;

/// <summary>Signing in and out: <c>com.atproto.server.*Session</c>.</summary>
/// <param name="mediator">Sends the messages.</param>
[XrpcOpenTo(CallerKinds.Account)]
internal sealed class SessionController(IMediator mediator) : XrpcController
{
    /// <summary>Lexicon: <c>com.atproto.server.createSession</c>.</summary>
    [XrpcRoute<CreateSessionCommand>]
    [Capacity(CapacityKind.Passwords)]
    [XrpcNoStore]
    public async Task<IActionResult> CreateSession([XrpcBody] CreateSessionInput input, CancellationToken cancellationToken) =>
        Output(await mediator.Send(new CreateSessionCommand(input, HttpContext.Connection.RemoteIpAddress), cancellationToken));

    /// <summary>Lexicon: <c>com.atproto.server.refreshSession</c>.</summary>
    [XrpcRoute<RefreshSessionCommand>]
    [XrpcNoStore]
    public async Task<IActionResult> RefreshSession(AuthorizationHeader authorization, CancellationToken cancellationToken) =>
        Output(await mediator.Send(new RefreshSessionCommand(CallerReader.RequireBearer(authorization)), cancellationToken));

    /// <summary>Lexicon: <c>com.atproto.server.deleteSession</c>.</summary>
    [XrpcRoute<DeleteSessionCommand>]
    public async Task<IActionResult> DeleteSession(AuthorizationHeader authorization, CancellationToken cancellationToken) =>
        Output(await mediator.Send(new DeleteSessionCommand(CallerReader.RequireBearer(authorization)), cancellationToken));

    /// <summary>Lexicon: <c>com.atproto.server.getSession</c>.</summary>
    [XrpcRoute<GetSessionQuery>]
    public async Task<IActionResult> GetSession(Caller caller, CancellationToken cancellationToken) =>
        Output(await mediator.Send(new GetSessionQuery(caller), cancellationToken));
}
