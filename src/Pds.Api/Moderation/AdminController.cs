using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Pds.Api.Xrpc;
using Pds.Application.Moderation;
using Pds.Application.Pipeline;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;

namespace Pds.Api.Moderation;

/// <summary>The operator's methods: <c>com.atproto.admin.*</c>.</summary>
/// <param name="mediator">Sends the messages.</param>
[XrpcOpenTo(CallerKinds.Operator)]
internal sealed class AdminController(IMediator mediator) : XrpcController
{
    /// <summary>Lexicon: <c>com.atproto.admin.getAccountInfo</c>.</summary>
    [XrpcRoute<GetAccountInfoQuery>]
    [XrpcOpenTo(CallerKinds.Operator | CallerKinds.Moderator)]
    public async Task<IActionResult> GetAccountInfo([BindRequired] Did did, Caller caller, CancellationToken cancellationToken) =>
        Output(await mediator.Send(new GetAccountInfoQuery(caller, did), cancellationToken));

    /// <summary>Lexicon: <c>com.atproto.admin.getAccountInfos</c>.</summary>
    [XrpcRoute<GetAccountInfosQuery>]
    [XrpcOpenTo(CallerKinds.Operator | CallerKinds.Moderator)]
    public async Task<IActionResult> GetAccountInfos([BindRequired] IReadOnlyList<Did> dids, Caller caller, CancellationToken cancellationToken) =>
        Output(await mediator.Send(new GetAccountInfosQuery(caller, dids), cancellationToken));

    /// <summary>Lexicon: <c>com.atproto.admin.getSubjectStatus</c>.</summary>
    [XrpcRoute<GetSubjectStatusQuery>]
    [XrpcOpenTo(CallerKinds.Operator | CallerKinds.Moderator)]
    public async Task<IActionResult> GetSubjectStatus(Did? did, AtUri? uri, Cid? blob, Caller caller, CancellationToken cancellationToken) =>
        Output(await mediator.Send(new GetSubjectStatusQuery(caller, did, uri, blob), cancellationToken));

    /// <summary>Lexicon: <c>com.atproto.admin.updateSubjectStatus</c>.</summary>
    [XrpcRoute<UpdateSubjectStatusCommand>]
    [XrpcOpenTo(CallerKinds.Operator | CallerKinds.Moderator)]
    public async Task<IActionResult> UpdateSubjectStatus(Caller caller, [XrpcBody] UpdateSubjectStatusInput input, CancellationToken cancellationToken) =>
        Output(await mediator.Send(new UpdateSubjectStatusCommand(caller, input), cancellationToken));

    /// <summary>Lexicon: <c>com.atproto.admin.deleteAccount</c>.</summary>
    [XrpcRoute<RemoveAccountCommand>]
    public async Task<IActionResult> DeleteAccount(Caller caller, [XrpcBody] RemoveAccountInput input, CancellationToken cancellationToken) =>
        Output(await mediator.Send(new RemoveAccountCommand(caller, input), cancellationToken));

    /// <summary>Lexicon: <c>com.atproto.admin.searchAccounts</c>.</summary>
    [XrpcRoute<SearchAccountsQuery>]
    [XrpcOpenTo(CallerKinds.Operator | CallerKinds.Moderator)]
    public async Task<IActionResult> SearchAccounts(
        string? email, string? cursor, [XrpcRange(1, 100)] int? limit, Caller caller, CancellationToken cancellationToken) =>
        Output(await mediator.Send(new SearchAccountsQuery(caller) { Email = email, Cursor = cursor, Limit = limit ?? 50 }, cancellationToken));

    /// <summary>Lexicon: <c>com.atproto.admin.updateAccountHandle</c>.</summary>
    [XrpcRoute<UpdateAccountHandleCommand>]
    public async Task<IActionResult> UpdateAccountHandle(Caller caller, [XrpcBody] UpdateAccountHandleInput input, CancellationToken cancellationToken) =>
        Output(await mediator.Send(new UpdateAccountHandleCommand(caller, input), cancellationToken));

    /// <summary>Lexicon: <c>com.atproto.admin.updateAccountEmail</c>.</summary>
    [XrpcRoute<UpdateAccountEmailCommand>]
    public async Task<IActionResult> UpdateAccountEmail(Caller caller, [XrpcBody] UpdateAccountEmailInput input, CancellationToken cancellationToken) =>
        Output(await mediator.Send(new UpdateAccountEmailCommand(caller, input), cancellationToken));

    /// <summary>Lexicon: <c>com.atproto.admin.updateAccountPassword</c>.</summary>
    [XrpcRoute<UpdateAccountPasswordCommand>]
    public async Task<IActionResult> UpdateAccountPassword(Caller caller, [XrpcBody] UpdateAccountPasswordInput input, CancellationToken cancellationToken) =>
        Output(await mediator.Send(new UpdateAccountPasswordCommand(caller, input), cancellationToken));

    /// <summary>Lexicon: <c>com.atproto.admin.updateAccountSigningKey</c>.</summary>
    [XrpcRoute<UpdateAccountSigningKeyCommand>]
    public async Task<IActionResult> UpdateAccountSigningKey(Caller caller, [XrpcBody] UpdateAccountSigningKeyInput input, CancellationToken cancellationToken) =>
        Output(await mediator.Send(new UpdateAccountSigningKeyCommand(caller, input), cancellationToken));

    /// <summary>Lexicon: <c>com.atproto.admin.sendEmail</c>.</summary>
    [XrpcRoute<SendEmailCommand>]
    [XrpcOpenTo(CallerKinds.Operator | CallerKinds.Moderator)]
    public async Task<IActionResult> SendEmail(Caller caller, [XrpcBody] SendEmailInput input, CancellationToken cancellationToken) =>
        Output(await mediator.Send(new SendEmailCommand(caller, input), cancellationToken));

    /// <summary>Not in any lexicon: <c>pds account reset-factors</c> on a server that runs.</summary>
    [XrpcRoute<ResetAccountFactorsCommand>]
    public async Task<IActionResult> ResetAccountFactors(Caller caller, [XrpcBody] ResetAccountFactorsInput input, CancellationToken cancellationToken) =>
        Output(await mediator.Send(new ResetAccountFactorsCommand(caller, input), cancellationToken));
}
