using MediatR;
using Microsoft.AspNetCore.Mvc;
using Pds.Application.Accounts;
using Pds.Application.Identity;
using Pds.Application.Settings;
using Pds.Domain.Accounts;

namespace Pds.Api.Pages.Account;

/// <summary>The handle of the account.</summary>
/// <param name="mediator">Runs the use cases.</param>
/// <param name="services">Where the rest is.</param>
internal sealed class AccountHandleController(IMediator mediator, IServiceProvider services) : AccountPageController(mediator, services)
{
    private readonly ServerSettings _options = services.GetRequiredService<ServerSettings>();

    /// <summary>Shows the handle.</summary>
    [HttpGet(AccountNavigation.Handle)]
    public Task<IActionResult> Open(CancellationToken cancellationToken) => VisitAsync(visit => ShowAsync(visit, null), isSensitive: true, cancellationToken);

    /// <summary>Tells whether a handle can be had.</summary>
    [HttpPost(AccountNavigation.Handle + "/check")]
    [RequestSizeLimit(MaxFormBytes)]
    public Task<IActionResult> Check(CancellationToken cancellationToken) => SubmitAsync(
        async (visit, form) =>
        {
            string handle = HandleOf(form);
            return await ShowAsync(visit, null, handle, await Mediator.Send(new CheckHandleQuery(visit.Caller, handle), cancellationToken));
        },
        (visit, fault) => ShowAsync(visit, fault),
        AccountNavigation.Handle,
        isSensitive: true,
        cancellationToken);

    /// <summary>Changes the handle.</summary>
    [HttpPost(AccountNavigation.Handle + "/change")]
    [RequestSizeLimit(MaxFormBytes)]
    public Task<IActionResult> Change(CancellationToken cancellationToken) => SubmitAsync(
        async (visit, form) =>
        {
            string handle = HandleOf(form);
            CheckHandleOutput outcome = await Mediator.Send(new CheckHandleQuery(visit.Caller, handle), cancellationToken);
            if (outcome.State != HandleState.Available)
            {
                return await ShowAsync(visit, outcome.Fault ?? "This handle cannot be had.", handle, outcome);
            }

            Count<UpdateHandleCommand>(visit.Caller);
            await Mediator.Send(new UpdateHandleCommand(visit.Caller, new UpdateHandleInput(handle)), cancellationToken);
            return SeeOther(AccountNotices.Address(AccountNavigation.Handle, "handle-changed"));
        },
        (visit, fault) => ShowAsync(visit, fault),
        AccountNavigation.Handle,
        isSensitive: true,
        cancellationToken);

    /// <summary>People write an at sign before handles, and capitals into them.</summary>
    private static string HandleOf(IFormCollection form) => form["name"].ToString() is { Length: > 0 } name
        ? $"{PastedText.Clean(name)}{form["domain"]}".ToLowerInvariant()
        : PastedText.Clean(form["handle"].ToString()).ToLowerInvariant();

    private Task<IActionResult> ShowAsync(AccountVisit visit, string? fault, string? asked = null, CheckHandleOutput? outcome = null) => Task.FromResult(Page<HandlePage>(new HandleModel
    {
        Account = visit.Account,
        Hidden = visit.Hidden,
        Fault = fault,
        Notice = fault is null ? AccountNotices.Of(Request) : null,
        Domains = _options.HandleDomains,
        Asked = asked,
        Outcome = outcome,
    }));
}
