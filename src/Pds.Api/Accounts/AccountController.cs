using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Pds.Api.RateLimits;
using Pds.Api.Xrpc;
using Pds.Application.Accounts;
using Pds.Application.Pipeline;
using Pds.Domain.Identifiers;

namespace Pds.Api.Accounts;

/// <summary>The life of an account: <c>com.atproto.server.*</c>.</summary>
/// <param name="mediator">Sends the messages.</param>
[XrpcOpenTo(CallerKinds.Account)]
internal sealed class AccountController(IMediator mediator) : XrpcController
{
    /// <summary>Lexicon: <c>com.atproto.server.createAccount</c>.</summary>
    [XrpcRoute<CreateAccountCommand>]
    [XrpcOpenTo(CallerKinds.Service)]
    [Capacity(CapacityKind.Passwords)]
    [XrpcNoStore]
    public async Task<IActionResult> CreateAccount(
        [XrpcCaller(Optional = true)] Caller caller, [XrpcBody] CreateAccountInput input, CancellationToken cancellationToken) =>
        Output(await mediator.Send(new CreateAccountCommand(caller, input), cancellationToken));

    /// <summary>Lexicon: <c>com.atproto.server.activateAccount</c>.</summary>
    [XrpcRoute<ActivateAccountCommand>]
    public async Task<IActionResult> ActivateAccount(Caller caller, CancellationToken cancellationToken) =>
        Output(await mediator.Send(new ActivateAccountCommand(caller), cancellationToken));

    /// <summary>Lexicon: <c>com.atproto.server.deactivateAccount</c>.</summary>
    [XrpcRoute<DeactivateAccountCommand>]
    public async Task<IActionResult> DeactivateAccount(Caller caller, [XrpcBody] DeactivateAccountInput input, CancellationToken cancellationToken) =>
        Output(await mediator.Send(new DeactivateAccountCommand(caller, input), cancellationToken));

    /// <summary>Lexicon: <c>com.atproto.server.checkAccountStatus</c>.</summary>
    [XrpcRoute<CheckAccountStatusQuery>]
    public async Task<IActionResult> CheckAccountStatus(Caller caller, CancellationToken cancellationToken) =>
        Output(await mediator.Send(new CheckAccountStatusQuery(caller), cancellationToken));

    /// <summary>Lexicon: <c>com.atproto.server.requestAccountDelete</c>.</summary>
    [XrpcRoute<RequestAccountDeleteCommand>]
    public async Task<IActionResult> RequestAccountDelete(Caller caller, CancellationToken cancellationToken) =>
        Output(await mediator.Send(new RequestAccountDeleteCommand(caller), cancellationToken));

    /// <summary>Lexicon: <c>com.atproto.server.deleteAccount</c>.</summary>
    [XrpcRoute<DeleteAccountCommand>]
    [Capacity(CapacityKind.Passwords)]
    public async Task<IActionResult> DeleteAccount([XrpcBody] DeleteAccountInput input, CancellationToken cancellationToken) =>
        Output(await mediator.Send(new DeleteAccountCommand(input, HttpContext.Connection.RemoteIpAddress), cancellationToken));

    /// <summary>Lexicon: <c>com.atproto.server.getServiceAuth</c>.</summary>
    [XrpcRoute<GetServiceAuthQuery>]
    [XrpcNoStore]
    public async Task<IActionResult> GetServiceAuth([BindRequired] string aud, long? exp, Nsid? lxm, Caller caller, CancellationToken cancellationToken) =>
        Output(await mediator.Send(new GetServiceAuthQuery(caller, aud, exp, lxm), cancellationToken));

    /// <summary>Lexicon: <c>com.atproto.server.reserveSigningKey</c>.</summary>
    [XrpcRoute<ReserveSigningKeyCommand>]
    public async Task<IActionResult> ReserveSigningKey([XrpcBody] ReserveSigningKeyInput input, CancellationToken cancellationToken) =>
        Output(await mediator.Send(new ReserveSigningKeyCommand(input), cancellationToken));

    /// <summary>Lexicon: <c>com.atproto.server.createAppPassword</c>.</summary>
    [XrpcRoute<CreateAppPasswordCommand>]
    [Capacity(CapacityKind.Passwords)]
    [XrpcNoStore]
    public async Task<IActionResult> CreateAppPassword(Caller caller, [XrpcBody] CreateAppPasswordInput input, CancellationToken cancellationToken) =>
        Output(await mediator.Send(new CreateAppPasswordCommand(caller, input), cancellationToken));

    /// <summary>Lexicon: <c>com.atproto.server.listAppPasswords</c>.</summary>
    [XrpcRoute<ListAppPasswordsQuery>]
    public async Task<IActionResult> ListAppPasswords(Caller caller, CancellationToken cancellationToken) =>
        Output(await mediator.Send(new ListAppPasswordsQuery(caller), cancellationToken));

    /// <summary>Lexicon: <c>com.atproto.server.revokeAppPassword</c>.</summary>
    [XrpcRoute<RevokeAppPasswordCommand>]
    public async Task<IActionResult> RevokeAppPassword(Caller caller, [XrpcBody] RevokeAppPasswordInput input, CancellationToken cancellationToken) =>
        Output(await mediator.Send(new RevokeAppPasswordCommand(caller, input), cancellationToken));

    /// <summary>Lexicon: <c>com.atproto.server.createInviteCode</c>.</summary>
    [XrpcRoute<CreateInviteCodeCommand>]
    [XrpcOpenTo(CallerKinds.Operator)]
    public async Task<IActionResult> CreateInviteCode(Caller caller, [XrpcBody] CreateInviteCodeInput input, CancellationToken cancellationToken) =>
        Output(await mediator.Send(new CreateInviteCodeCommand(caller, input), cancellationToken));

    /// <summary>Lexicon: <c>com.atproto.server.createInviteCodes</c>.</summary>
    [XrpcRoute<CreateInviteCodesCommand>]
    [XrpcOpenTo(CallerKinds.Operator)]
    public async Task<IActionResult> CreateInviteCodes(Caller caller, [XrpcBody] CreateInviteCodesInput input, CancellationToken cancellationToken) =>
        Output(await mediator.Send(new CreateInviteCodesCommand(caller, input), cancellationToken));
}
