using MediatR;
using Microsoft.AspNetCore.Mvc;
using Pds.Api.Proxying;
using Pds.Api.Xrpc;
using Pds.Application.Accounts;
using Pds.Application.Pipeline;
using Pds.Application.Settings;
using Pds.Domain.Identifiers;

namespace Pds.Api.Accounts;

/// <summary>What apps remember for an account: <c>app.bsky.actor.*Preferences</c>.</summary>
/// <param name="mediator">Sends the messages.</param>
/// <param name="options">Whether there is an AppView.</param>
[ForwardElsewhere]
[XrpcOpenTo(CallerKinds.Account)]
internal sealed class PreferencesController(IMediator mediator, ProxyingSettings options) : XrpcController
{
    private string? AppView => options.AppViewDid is { } did ? $"{did}#bsky_appview" : null;

    /// <summary>Lexicon: <c>app.bsky.actor.getPreferences</c>; the moderation service may name an account in <c>did</c>.</summary>
    [XrpcRoute<GetPreferencesQuery>]
    [XrpcOpenTo(CallerKinds.Account | CallerKinds.Moderator)]
    public async Task<IActionResult> GetPreferences(Did? did, Caller caller, CancellationToken cancellationToken) =>
        Output(await mediator.Send(new GetPreferencesQuery(caller, did) { Service = AppView }, cancellationToken));

    /// <summary>Lexicon: <c>app.bsky.actor.putPreferences</c>.</summary>
    [XrpcRoute<PutPreferencesCommand>]
    public async Task<IActionResult> PutPreferences(Caller caller, [XrpcBody] PutPreferencesInput input, CancellationToken cancellationToken) =>
        Output(await mediator.Send(new PutPreferencesCommand(caller, input) { Service = AppView }, cancellationToken));
}
