using MediatR;
using Microsoft.AspNetCore.Mvc;
using Pds.Application.OAuth;

namespace Pds.Api.Pages.Account;

/// <summary>Where the account is signed in, and to what.</summary>
/// <param name="mediator">Runs the use cases.</param>
/// <param name="services">Where the rest is.</param>
internal sealed class AccountSessionsController(IMediator mediator, IServiceProvider services) : AccountPageController(mediator, services)
{
    /// <summary>Shows browsers and programs.</summary>
    [HttpGet(AccountNavigation.Sessions)]
    public Task<IActionResult> Open(CancellationToken cancellationToken) => VisitAsync(visit => ShowAsync(visit, null, cancellationToken), isSensitive: false, cancellationToken);

    /// <summary>Signs a browser out.</summary>
    [HttpPost(AccountNavigation.Sessions + "/end-browser")]
    [RequestSizeLimit(MaxFormBytes)]
    public Task<IActionResult> EndBrowser(CancellationToken cancellationToken) => ChangeAsync(
        async (visit, form) =>
        {
            await Mediator.Send(new EndBrowserCommand(visit.Caller, form["browser"].ToString()), cancellationToken);
            return SeeOther(AccountNotices.Address(AccountNavigation.Sessions, "ended"));
        },
        cancellationToken);

    /// <summary>Ends the session of a program.</summary>
    [HttpPost(AccountNavigation.Sessions + "/end-session")]
    [RequestSizeLimit(MaxFormBytes)]
    public Task<IActionResult> EndSession(CancellationToken cancellationToken) => ChangeAsync(
        async (visit, form) =>
        {
            await Mediator.Send(new EndPasswordSessionCommand(visit.Caller, form["session"].ToString()), cancellationToken);
            return SeeOther(AccountNotices.Address(AccountNavigation.Sessions, "ended"));
        },
        cancellationToken);

    /// <summary>Ends everything but this browser.</summary>
    [HttpPost(AccountNavigation.Sessions + "/end-others")]
    [RequestSizeLimit(MaxFormBytes)]
    public Task<IActionResult> EndOthers(CancellationToken cancellationToken) => ChangeAsync(
        async (visit, _) =>
        {
            await Mediator.Send(new EndOtherSignInsCommand(visit.Caller, visit.DeviceId), cancellationToken);
            return SeeOther(AccountNotices.Address(AccountNavigation.Sessions, "others-ended"));
        },
        cancellationToken);

    /// <summary>Shows the applications that have access.</summary>
    [HttpGet(AccountNavigation.Apps)]
    public Task<IActionResult> OpenApps(CancellationToken cancellationToken) => VisitAsync(visit => ShowAppsAsync(visit, null, cancellationToken), isSensitive: false, cancellationToken);

    /// <summary>Takes access back from an application.</summary>
    [HttpPost(AccountNavigation.Apps + "/disconnect")]
    [RequestSizeLimit(MaxFormBytes)]
    public Task<IActionResult> Disconnect(CancellationToken cancellationToken) => SubmitAsync(
        async (visit, form) =>
        {
            await Mediator.Send(new DisconnectAppCommand(visit.Caller, form["session"].ToString()), cancellationToken);
            return SeeOther(AccountNotices.Address(AccountNavigation.Apps, "disconnected"));
        },
        (visit, fault) => ShowAppsAsync(visit, fault, cancellationToken),
        AccountNavigation.Apps,
        isSensitive: false,
        cancellationToken);

    private Task<IActionResult> ChangeAsync(Func<AccountVisit, IFormCollection, Task<IActionResult>> act, CancellationToken cancellationToken) =>
        SubmitAsync(act, (visit, fault) => ShowAsync(visit, fault, cancellationToken), AccountNavigation.Sessions, isSensitive: false, cancellationToken);

    private async Task<IActionResult> ShowAsync(AccountVisit visit, string? fault, CancellationToken cancellationToken) => Page<SessionsPage>(new SessionsModel
    {
        Account = visit.Account,
        Hidden = visit.Hidden,
        Fault = fault,
        Notice = fault is null ? AccountNotices.Of(Request) : null,
        SignIns = await Mediator.Send(new ListSignInsQuery(visit.Caller, visit.DeviceId), cancellationToken),
    });

    private async Task<IActionResult> ShowAppsAsync(AccountVisit visit, string? fault, CancellationToken cancellationToken) => Page<AppsPage>(new AppsModel
    {
        Account = visit.Account,
        Hidden = visit.Hidden,
        Fault = fault,
        Notice = fault is null ? AccountNotices.Of(Request) : null,
        Apps = (await Mediator.Send(new ListConnectedAppsQuery(visit.Caller), cancellationToken)).Apps,
    });
}
