using MediatR;
using Microsoft.AspNetCore.Mvc;
using Pds.Api.RateLimits;
using Pds.Application.Accounts;

namespace Pds.Api.Pages.Account;

/// <summary>The account at a glance, and its end.</summary>
/// <param name="mediator">Runs the use cases.</param>
/// <param name="services">Where the rest is.</param>
internal sealed class AccountHomeController(IMediator mediator, IServiceProvider services) : AccountPageController(mediator, services)
{
    /// <summary>Shows the account.</summary>
    [HttpGet(AccountNavigation.Home)]
    public Task<IActionResult> Open(CancellationToken cancellationToken) => VisitAsync(
        async visit => Page<OverviewPage>(new OverviewModel
        {
            Account = visit.Account,
            Hidden = visit.Hidden,
            Notice = AccountNotices.Of(Request),
            Overview = await Mediator.Send(new GetAccountOverviewQuery(visit.Caller), cancellationToken),
        }),
        isSensitive: false,
        cancellationToken);

    /// <summary>Shows the page to deactivate, activate or delete the account.</summary>
    [HttpGet(AccountNavigation.Status)]
    public Task<IActionResult> OpenStatus(CancellationToken cancellationToken) =>
        VisitAsync(visit => ShowStatusAsync(visit, null, Request.Query["done"] == "code-sent", cancellationToken), isSensitive: true, cancellationToken);

    /// <summary>Deactivates the account.</summary>
    [HttpPost(AccountNavigation.Status + "/deactivate")]
    [RequestSizeLimit(MaxFormBytes)]
    public Task<IActionResult> Deactivate(CancellationToken cancellationToken) => ChangeStatusAsync(
        async (visit, _) =>
        {
            await Mediator.Send(new DeactivateAccountCommand(visit.Caller, new DeactivateAccountInput(), EndApplications: true), cancellationToken);
            return Done("deactivated");
        },
        cancellationToken);

    /// <summary>Activates the account.</summary>
    [HttpPost(AccountNavigation.Status + "/activate")]
    [RequestSizeLimit(MaxFormBytes)]
    public Task<IActionResult> Activate(CancellationToken cancellationToken) => ChangeStatusAsync(
        async (visit, _) =>
        {
            await Mediator.Send(new ActivateAccountCommand(visit.Caller), cancellationToken);
            return Done("activated");
        },
        cancellationToken);

    /// <summary>Mails the code for the deletion.</summary>
    [HttpPost(AccountNavigation.Status + "/request-deletion")]
    [RequestSizeLimit(MaxFormBytes)]
    public Task<IActionResult> RequestDeletion(CancellationToken cancellationToken) => ChangeStatusAsync(
        async (visit, _) =>
        {
            Count<RequestAccountDeleteCommand>(visit.Caller);
            await Mediator.Send(new RequestAccountDeleteCommand(visit.Caller), cancellationToken);
            return Done("code-sent");
        },
        cancellationToken);

    /// <summary>Deletes the account.</summary>
    [HttpPost(AccountNavigation.Status + "/delete")]
    [Capacity(CapacityKind.Passwords)]
    [RequestSizeLimit(MaxFormBytes)]
    public Task<IActionResult> Delete(CancellationToken cancellationToken) => ChangeStatusAsync(
        async (visit, form) =>
        {
            if (form["sure"] != "yes")
            {
                return await ShowStatusAsync(visit, "Say that you are sure.", isDeletionAsked: true, cancellationToken);
            }

            DeleteAccountInput input = new() { Did = visit.Account.Did, Password = form["password"].ToString(), Token = form["code"].ToString() };
            Count<DeleteAccountCommand>(visit.Caller);
            await Mediator.Send(new DeleteAccountCommand(input, HttpContext.Connection.RemoteIpAddress), cancellationToken);
            ForgetCurrent();
            return Page<DeletedPage>(new DeletedModel());
        },
        cancellationToken,
        isDeletion: true);

    private IActionResult Done(string word) => SeeOther(AccountNotices.Address(AccountNavigation.Status, word));

    private Task<IActionResult> ChangeStatusAsync(Func<AccountVisit, IFormCollection, Task<IActionResult>> act, CancellationToken cancellationToken, bool isDeletion = false) =>
        SubmitAsync(act, (visit, fault) => ShowStatusAsync(visit, fault, isDeletion, cancellationToken), AccountNavigation.Status, isSensitive: true, cancellationToken);

    private async Task<IActionResult> ShowStatusAsync(AccountVisit visit, string? fault, bool isDeletionAsked, CancellationToken cancellationToken) =>
        Page<StatusPage>(new StatusModel
        {
            Account = visit.Account,
            Hidden = visit.Hidden,
            Fault = fault,
            Notice = fault is null ? AccountNotices.Of(Request) : null,
            Overview = await Mediator.Send(new GetAccountOverviewQuery(visit.Caller), cancellationToken),
            IsDeletionAsked = isDeletionAsked,
        });
}
