using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Pds.Api.Xrpc;
using Pds.Application.Identity;
using Pds.Application.Pipeline;
using Pds.Domain.Identifiers;

namespace Pds.Api.Identity;

/// <summary><c>com.atproto.identity.*</c> about anybody: finding DIDs, handles and documents.</summary>
/// <param name="mediator">Sends messages.</param>
[XrpcOpenTo(CallerKinds.Account)]
internal sealed class IdentityController(IMediator mediator) : XrpcController
{
    /// <summary>Lexicon: <c>com.atproto.identity.resolveHandle</c>. The handle is bound as text, since a bad one has an error name of its own.</summary>
    [XrpcRoute<ResolveHandleQuery>]
    public async Task<IActionResult> ResolveHandle([BindRequired] string handle, CancellationToken cancellationToken) =>
        Output(await mediator.Send(new ResolveHandleQuery(handle), cancellationToken));

    /// <summary>Lexicon: <c>com.atproto.identity.resolveDid</c>.</summary>
    [XrpcRoute<ResolveDidQuery>]
    public async Task<IActionResult> ResolveDid([BindRequired] Did did, CancellationToken cancellationToken) =>
        Output(await mediator.Send(new ResolveDidQuery(did), cancellationToken));

    /// <summary>Lexicon: <c>com.atproto.identity.resolveIdentity</c>.</summary>
    [XrpcRoute<ResolveIdentityQuery>]
    public async Task<IActionResult> ResolveIdentity([BindRequired] AtIdentifier identifier, CancellationToken cancellationToken) =>
        Output(await mediator.Send(new ResolveIdentityQuery(identifier), cancellationToken));

    /// <summary>Lexicon: <c>com.atproto.identity.refreshIdentity</c>.</summary>
    [XrpcRoute<RefreshIdentityCommand>]
    public async Task<IActionResult> RefreshIdentity(Caller caller, [XrpcBody] RefreshIdentityInput input, CancellationToken cancellationToken) =>
        Output(await mediator.Send(new RefreshIdentityCommand(caller, input), cancellationToken));
}
