using MediatR;
using Microsoft.AspNetCore.Mvc;
using Pds.Application.Factors;

namespace Pds.Api.Pages.Account;

/// <summary>What signing in takes: authenticator app, recovery codes, passkeys, trusted browsers.</summary>
/// <param name="mediator">Runs the use cases.</param>
/// <param name="services">Where the rest is.</param>
internal sealed class AccountSecurityController(IMediator mediator, IServiceProvider services) : AccountPageController(mediator, services)
{
    private const string AuthenticatorAddress = AccountNavigation.Security + "/authenticator";
    private const string PasskeyAddress = AccountNavigation.Security + "/passkey";

    /// <summary>Shows what signing in takes.</summary>
    [HttpGet(AccountNavigation.Security)]
    public Task<IActionResult> Open(CancellationToken cancellationToken) => VisitAsync(visit => ShowAsync(visit, null, cancellationToken), isSensitive: true, cancellationToken);

    /// <summary>Shows how to set up an authenticator app.</summary>
    [HttpGet(AuthenticatorAddress)]
    public Task<IActionResult> OpenAuthenticator(CancellationToken cancellationToken) =>
        VisitAsync(visit => ShowAuthenticatorAsync(visit, null, cancellationToken), isSensitive: true, cancellationToken);

    /// <summary>Turns the authenticator app on. The answer shows the recovery codes, so there is no other page to go to.</summary>
    [HttpPost(AuthenticatorAddress)]
    [RequestSizeLimit(MaxFormBytes)]
    public Task<IActionResult> ConfirmAuthenticator(CancellationToken cancellationToken) => SubmitAsync(
        async (visit, form) => ShowCodes(visit, await Mediator.Send(new ConfirmAuthenticatorCommand(visit.Caller, form["code"].ToString()), cancellationToken)),
        (visit, fault) => ShowAuthenticatorAsync(visit, fault, cancellationToken),
        AuthenticatorAddress,
        isSensitive: true,
        cancellationToken);

    /// <summary>Turns the authenticator app off.</summary>
    [HttpPost(AccountNavigation.Security + "/end-authenticator")]
    [RequestSizeLimit(MaxFormBytes)]
    public Task<IActionResult> EndAuthenticator(CancellationToken cancellationToken) => ChangeAsync(
        async (visit, _) =>
        {
            await Mediator.Send(new RemoveAuthenticatorCommand(visit.Caller), cancellationToken);
            return Done("app-off");
        },
        cancellationToken);

    /// <summary>Makes new recovery codes. The answer shows them.</summary>
    [HttpPost(AccountNavigation.Security + "/recovery-codes")]
    [RequestSizeLimit(MaxFormBytes)]
    public Task<IActionResult> RenewRecoveryCodes(CancellationToken cancellationToken) => ChangeAsync(
        async (visit, _) => ShowCodes(visit, await Mediator.Send(new RenewRecoveryCodesCommand(visit.Caller), cancellationToken)), cancellationToken);

    /// <summary>Shows the page to add a passkey.</summary>
    [HttpGet(PasskeyAddress)]
    public Task<IActionResult> OpenPasskey(CancellationToken cancellationToken) =>
        VisitAsync(visit => ShowPasskeyAsync(visit, null, cancellationToken), isSensitive: true, cancellationToken);

    /// <summary>Adds a passkey.</summary>
    [HttpPost(PasskeyAddress)]
    [RequestSizeLimit(MaxFormBytes)]
    public Task<IActionResult> AddPasskey(CancellationToken cancellationToken) => SubmitAsync(
        async (visit, form) =>
        {
            PasskeyAnswer answer = new(form["passkey"].ToString(), form["credential"].ToString());
            await Mediator.Send(new AddPasskeyCommand(visit.Caller, visit.DeviceId, answer, form["name"].ToString()), cancellationToken);
            return Done("passkey-added");
        },
        (visit, fault) => ShowPasskeyAsync(visit, fault, cancellationToken),
        PasskeyAddress,
        isSensitive: true,
        cancellationToken);

    /// <summary>Renames a passkey.</summary>
    [HttpPost(AccountNavigation.Security + "/rename-passkey")]
    [RequestSizeLimit(MaxFormBytes)]
    public Task<IActionResult> RenamePasskey(CancellationToken cancellationToken) => ChangeAsync(
        async (visit, form) =>
        {
            await Mediator.Send(new RenamePasskeyCommand(visit.Caller, form["id"].ToString(), form["name"].ToString()), cancellationToken);
            return Done("passkey-renamed");
        },
        cancellationToken);

    /// <summary>Removes a passkey.</summary>
    [HttpPost(AccountNavigation.Security + "/remove-passkey")]
    [RequestSizeLimit(MaxFormBytes)]
    public Task<IActionResult> RemovePasskey(CancellationToken cancellationToken) => ChangeAsync(
        async (visit, form) =>
        {
            await Mediator.Send(new RemovePasskeyCommand(visit.Caller, form["id"].ToString()), cancellationToken);
            return Done("passkey-removed");
        },
        cancellationToken);

    /// <summary>Asks for codes again in one browser, or in all of them.</summary>
    [HttpPost(AccountNavigation.Security + "/end-trust")]
    [RequestSizeLimit(MaxFormBytes)]
    public Task<IActionResult> EndTrust(CancellationToken cancellationToken) => ChangeAsync(
        async (visit, form) =>
        {
            string? browser = form["browser"].ToString() is { Length: > 0 } one ? one : null;
            await Mediator.Send(new DistrustBrowserCommand(visit.Caller, browser), cancellationToken);
            return Done("distrusted");
        },
        cancellationToken);

    private static IActionResult ShowCodes(AccountVisit visit, RecoveryCodesOutput output) =>
        Page<RecoveryCodesPage>(new RecoveryCodesModel { Account = visit.Account, Hidden = visit.Hidden, Codes = output.Codes });

    private IActionResult Done(string word) => SeeOther(AccountNotices.Address(AccountNavigation.Security, word));

    private Task<IActionResult> ChangeAsync(Func<AccountVisit, IFormCollection, Task<IActionResult>> act, CancellationToken cancellationToken) => SubmitAsync(
        act, (visit, fault) => ShowAsync(visit, fault, cancellationToken), AccountNavigation.Security, isSensitive: true, cancellationToken);

    private async Task<IActionResult> ShowAsync(AccountVisit visit, string? fault, CancellationToken cancellationToken) => Page<SecurityPage>(new SecurityModel
    {
        Account = visit.Account,
        Hidden = visit.Hidden,
        Fault = fault,
        Notice = fault is null ? AccountNotices.Of(Request) : null,
        Factors = await Mediator.Send(new ListFactorsQuery(visit.Caller), cancellationToken),
        DeviceId = visit.DeviceId,
    });

    private async Task<IActionResult> ShowAuthenticatorAsync(AccountVisit visit, string? fault, CancellationToken cancellationToken) => Page<AuthenticatorPage>(new AuthenticatorModel
    {
        Account = visit.Account,
        Hidden = visit.Hidden,
        Fault = fault,
        Setup = await Mediator.Send(new BeginAuthenticatorCommand(visit.Caller), cancellationToken),
    });

    private async Task<IActionResult> ShowPasskeyAsync(AccountVisit visit, string? fault, CancellationToken cancellationToken) => Page<NewPasskeyPage>(new NewPasskeyModel
    {
        Account = visit.Account,
        Hidden = visit.Hidden,
        Fault = fault,
        Passkey = await Mediator.Send(new BeginPasskeyCommand(visit.Caller, visit.DeviceId), cancellationToken),
    });
}
