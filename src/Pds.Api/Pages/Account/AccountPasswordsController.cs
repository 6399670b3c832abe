using MediatR;
using Microsoft.AspNetCore.Mvc;
using Pds.Api.RateLimits;
using Pds.Application.Accounts;

namespace Pds.Api.Pages.Account;

/// <summary>The password of the account, and those of programs.</summary>
/// <param name="mediator">Runs the use cases.</param>
/// <param name="services">Where the rest is.</param>
internal sealed class AccountPasswordsController(IMediator mediator, IServiceProvider services) : AccountPageController(mediator, services)
{
    /// <summary>Shows the page to change the password.</summary>
    [HttpGet(AccountNavigation.Password)]
    public Task<IActionResult> Open(CancellationToken cancellationToken) => VisitAsync(visit => ShowAsync(visit, null), isSensitive: true, cancellationToken);

    /// <summary>Changes the password.</summary>
    [HttpPost(AccountNavigation.Password)]
    [Capacity(CapacityKind.Passwords)]
    [RequestSizeLimit(MaxFormBytes)]
    public Task<IActionResult> Change(CancellationToken cancellationToken) => SubmitAsync(
        async (visit, form) =>
        {
            if (form["new"].ToString() != form["repeated"].ToString())
            {
                return await ShowAsync(visit, "The new password is not the same both times.");
            }

            ChangePasswordInput input = new() { Current = form["current"].ToString(), New = form["new"].ToString(), EndSessions = form["end"] == "yes" };
            await Mediator.Send(new ChangePasswordCommand(visit.Caller, input, visit.DeviceId, HttpContext.Connection.RemoteIpAddress), cancellationToken);
            return SeeOther(AccountNotices.Address(AccountNavigation.Password, "password-changed"));
        },
        ShowAsync,
        AccountNavigation.Password,
        isSensitive: true,
        cancellationToken);

    /// <summary>Shows the passwords of programs.</summary>
    [HttpGet(AccountNavigation.AppPasswords)]
    public Task<IActionResult> OpenAppPasswords(CancellationToken cancellationToken) =>
        VisitAsync(visit => ShowAppPasswordsAsync(visit, null, null, cancellationToken), isSensitive: true, cancellationToken);

    /// <summary>Makes a password for a program. The answer shows it, so there is no other page to go to.</summary>
    [HttpPost(AccountNavigation.AppPasswords + "/create")]
    [Capacity(CapacityKind.Passwords)]
    [RequestSizeLimit(MaxFormBytes)]
    public Task<IActionResult> Create(CancellationToken cancellationToken) => ChangeAppPasswordsAsync(
        async (visit, form) =>
        {
            CreateAppPasswordInput input = new(form["name"].ToString().Trim(), form["privileged"] == "yes");
            CreateAppPasswordOutput created = await Mediator.Send(new CreateAppPasswordCommand(visit.Caller, input), cancellationToken);
            return await ShowAppPasswordsAsync(visit, null, created, cancellationToken);
        },
        cancellationToken);

    /// <summary>Takes a password back from a program.</summary>
    [HttpPost(AccountNavigation.AppPasswords + "/revoke")]
    [RequestSizeLimit(MaxFormBytes)]
    public Task<IActionResult> Revoke(CancellationToken cancellationToken) => ChangeAppPasswordsAsync(
        async (visit, form) =>
        {
            await Mediator.Send(new RevokeAppPasswordCommand(visit.Caller, new RevokeAppPasswordInput(form["name"].ToString())), cancellationToken);
            return SeeOther(AccountNotices.Address(AccountNavigation.AppPasswords, "revoked"));
        },
        cancellationToken);

    private Task<IActionResult> ShowAsync(AccountVisit visit, string? fault) => Task.FromResult(Page<PasswordPage>(new PasswordModel
    {
        Account = visit.Account,
        Hidden = visit.Hidden,
        Fault = fault,
        Notice = fault is null ? AccountNotices.Of(Request) : null,
    }));

    private Task<IActionResult> ChangeAppPasswordsAsync(Func<AccountVisit, IFormCollection, Task<IActionResult>> act, CancellationToken cancellationToken) => SubmitAsync(
        act, (visit, fault) => ShowAppPasswordsAsync(visit, fault, null, cancellationToken), AccountNavigation.AppPasswords, isSensitive: true, cancellationToken);

    private async Task<IActionResult> ShowAppPasswordsAsync(AccountVisit visit, string? fault, CreateAppPasswordOutput? created, CancellationToken cancellationToken) =>
        Page<AppPasswordsPage>(new AppPasswordsModel
        {
            Account = visit.Account,
            Hidden = visit.Hidden,
            Fault = fault,
            Notice = fault is null ? AccountNotices.Of(Request) : null,
            Passwords = (await Mediator.Send(new ListAppPasswordsQuery(visit.Caller), cancellationToken)).Passwords,
            Created = created,
        });
}
