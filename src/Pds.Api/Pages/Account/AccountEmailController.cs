using MediatR;
using Microsoft.AspNetCore.Mvc;
using Pds.Application.Accounts;
using Pds.Domain.Accounts;

namespace Pds.Api.Pages.Account;

/// <summary>The e-mail address of the account.</summary>
/// <param name="mediator">Runs the use cases.</param>
/// <param name="services">Where the rest is.</param>
internal sealed class AccountEmailController(IMediator mediator, IServiceProvider services) : AccountPageController(mediator, services)
{
    /// <summary>Shows the address.</summary>
    [HttpGet(AccountNavigation.Email)]
    public Task<IActionResult> Open(CancellationToken cancellationToken) => VisitAsync(visit => ShowAsync(visit, null, cancellationToken), isSensitive: true, cancellationToken);

    /// <summary>Mails the code that confirms the address.</summary>
    [HttpPost(AccountNavigation.Email + "/request-confirmation")]
    [RequestSizeLimit(MaxFormBytes)]
    public Task<IActionResult> RequestConfirmation(CancellationToken cancellationToken) => ChangeAsync(
        async (visit, _) =>
        {
            Count<RequestEmailConfirmationCommand>(visit.Caller);
            await Mediator.Send(new RequestEmailConfirmationCommand(visit.Caller), cancellationToken);
            return "code-sent";
        },
        cancellationToken);

    /// <summary>Confirms the address.</summary>
    [HttpPost(AccountNavigation.Email + "/confirm")]
    [RequestSizeLimit(MaxFormBytes)]
    public Task<IActionResult> Confirm(CancellationToken cancellationToken) => ChangeAsync(
        async (visit, form) =>
        {
            ConfirmEmailInput input = new() { Email = await PresentAsync(visit, cancellationToken), Token = form["code"].ToString() };
            await Mediator.Send(new ConfirmEmailCommand(visit.Caller, input), cancellationToken);
            return "confirmed";
        },
        cancellationToken);

    /// <summary>Mails the code that allows another address, or the second factor to be switched off.</summary>
    [HttpPost(AccountNavigation.Email + "/request-change")]
    [RequestSizeLimit(MaxFormBytes)]
    public Task<IActionResult> RequestChange(CancellationToken cancellationToken) => ChangeAsync(
        async (visit, _) =>
        {
            Count<RequestEmailUpdateCommand>(visit.Caller);
            await Mediator.Send(new RequestEmailUpdateCommand(visit.Caller), cancellationToken);
            return "code-sent";
        },
        cancellationToken);

    /// <summary>Changes the address.</summary>
    [HttpPost(AccountNavigation.Email + "/change")]
    [RequestSizeLimit(MaxFormBytes)]
    public Task<IActionResult> Change(CancellationToken cancellationToken) => ChangeAsync(
        async (visit, form) =>
        {
            UpdateEmailInput input = new() { Email = PastedText.Clean(form["email"].ToString()), Token = CodeOf(form) };
            await Mediator.Send(new UpdateEmailCommand(visit.Caller, input), cancellationToken);
            return "email-changed";
        },
        cancellationToken);

    /// <summary>Switches the second factor on or off.</summary>
    [HttpPost(AccountNavigation.Email + "/factor")]
    [RequestSizeLimit(MaxFormBytes)]
    public Task<IActionResult> ChangeFactor(CancellationToken cancellationToken) => ChangeAsync(
        async (visit, form) =>
        {
            bool isWanted = form["factor"] == "on";
            UpdateEmailInput input = new() { Email = await PresentAsync(visit, cancellationToken), EmailAuthFactor = isWanted, Token = CodeOf(form) };
            await Mediator.Send(new UpdateEmailCommand(visit.Caller, input), cancellationToken);
            return isWanted ? "factor-on" : "factor-off";
        },
        cancellationToken);

    private static string? CodeOf(IFormCollection form) => form["code"].ToString().Trim() is { Length: > 0 } code ? code : null;

    private async Task<string> PresentAsync(AccountVisit visit, CancellationToken cancellationToken) =>
        (await Mediator.Send(new GetSessionQuery(visit.Caller), cancellationToken)).Email ?? "";

    private Task<IActionResult> ChangeAsync(Func<AccountVisit, IFormCollection, Task<string>> act, CancellationToken cancellationToken) => SubmitAsync(
        async (visit, form) => SeeOther(AccountNotices.Address(AccountNavigation.Email, await act(visit, form))),
        (visit, fault) => ShowAsync(visit, fault, cancellationToken),
        AccountNavigation.Email,
        isSensitive: true,
        cancellationToken);

    private async Task<IActionResult> ShowAsync(AccountVisit visit, string? fault, CancellationToken cancellationToken)
    {
        SessionInfo session = await Mediator.Send(new GetSessionQuery(visit.Caller), cancellationToken);
        return Page<EmailPage>(new EmailModel
        {
            Account = visit.Account,
            Hidden = visit.Hidden,
            Fault = fault,
            Notice = fault is null ? AccountNotices.Of(Request) : null,
            Email = session.Email,
            IsConfirmed = session.EmailConfirmed is true,
            HasFactor = session.EmailAuthFactor is true,
        });
    }
}
