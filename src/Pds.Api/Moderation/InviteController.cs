using MediatR;
using Microsoft.AspNetCore.Mvc;
using Pds.Api.Xrpc;
using Pds.Application.Accounts;
using Pds.Application.Moderation;
using Pds.Application.Pipeline;

namespace Pds.Api.Moderation;

/// <summary>Invite codes, as their owners and the operator see them.</summary>
/// <param name="mediator">Sends the messages.</param>
[XrpcOpenTo(CallerKinds.Account)]
internal sealed class InviteController(IMediator mediator) : XrpcController
{
    /// <summary>Lexicon: <c>com.atproto.server.getAccountInviteCodes</c>.</summary>
    [XrpcRoute<GetAccountInviteCodesQuery>]
    public async Task<IActionResult> GetAccountInviteCodes(
        bool? includeUsed, bool? createAvailable, Caller caller, CancellationToken cancellationToken) =>
        Output(await mediator.Send(
            new GetAccountInviteCodesQuery(caller) { IncludeUsed = includeUsed ?? true, CreateAvailable = createAvailable ?? true }, cancellationToken));

    /// <summary>Lexicon: <c>com.atproto.admin.getInviteCodes</c>.</summary>
    [XrpcRoute<GetInviteCodesQuery>]
    [XrpcOpenTo(CallerKinds.Operator | CallerKinds.Moderator)]
    public async Task<IActionResult> GetInviteCodes(
        string? sort, [XrpcRange(1, 500)] int? limit, string? cursor, Caller caller, CancellationToken cancellationToken) =>
        Output(await mediator.Send(new GetInviteCodesQuery(caller) { Sort = sort ?? "recent", Limit = limit ?? 100, Cursor = cursor }, cancellationToken));

    /// <summary>Lexicon: <c>com.atproto.admin.disableInviteCodes</c>.</summary>
    [XrpcRoute<DisableInviteCodesCommand>]
    [XrpcOpenTo(CallerKinds.Operator | CallerKinds.Moderator)]
    public async Task<IActionResult> DisableInviteCodes(Caller caller, [XrpcBody] DisableInviteCodesInput input, CancellationToken cancellationToken) =>
        Output(await mediator.Send(new DisableInviteCodesCommand(caller, input), cancellationToken));

    /// <summary>Lexicon: <c>com.atproto.admin.disableAccountInvites</c>.</summary>
    [XrpcRoute<DisableAccountInvitesCommand>]
    [XrpcOpenTo(CallerKinds.Operator | CallerKinds.Moderator)]
    public async Task<IActionResult> DisableAccountInvites(Caller caller, [XrpcBody] AccountInvitesInput input, CancellationToken cancellationToken) =>
        Output(await mediator.Send(new DisableAccountInvitesCommand(caller, input), cancellationToken));

    /// <summary>Lexicon: <c>com.atproto.admin.enableAccountInvites</c>.</summary>
    [XrpcRoute<EnableAccountInvitesCommand>]
    [XrpcOpenTo(CallerKinds.Operator | CallerKinds.Moderator)]
    public async Task<IActionResult> EnableAccountInvites(Caller caller, [XrpcBody] AccountInvitesInput input, CancellationToken cancellationToken) =>
        Output(await mediator.Send(new EnableAccountInvitesCommand(caller, input), cancellationToken));
}
