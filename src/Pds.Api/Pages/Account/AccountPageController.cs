using MediatR;
using Microsoft.AspNetCore.Mvc;
using Pds.Application.OAuth;
using Pds.Application.Pipeline;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;

namespace Pds.Api.Pages.Account;

/// <summary>Base of the pages of the account area: who is signed in, and for how long that is enough.</summary>
/// <param name="mediator">Runs the use cases.</param>
/// <param name="services">Where the rest is.</param>
[PdsArea(PdsArea.Account)]
internal abstract class AccountPageController(IMediator mediator, IServiceProvider services) : PageController(mediator, services)
{
    private const string CurrentCookie = "account";

    /// <summary>Shows a page to whoever is signed in; others sign in first.</summary>
    /// <param name="show">Makes the answer.</param>
    /// <param name="isSensitive">Whether only the owner may come here: the password must have been given within the last ten minutes.</param>
    /// <param name="cancellationToken">Gives up.</param>
    protected async Task<IActionResult> VisitAsync(Func<AccountVisit, Task<IActionResult>> show, bool isSensitive, CancellationToken cancellationToken)
    {
        string device = await OpenPageAsync();
        VisitAccountOutput visit = await Mediator.Send(new VisitAccountQuery(device, CurrentAccount(), OrOther: true), cancellationToken);
        return visit.Current is { } account && (account.IsFresh || !isSensitive)
            ? await show(Visit(device, account))
            : SignInFirst(Request.Path);
    }

    /// <summary>Takes in a form that is about an account.</summary>
    /// <param name="act">Does what is asked, and makes the answer.</param>
    /// <param name="refuse">Shows the page again, with what is wrong.</param>
    /// <param name="page">The page of the form, to come back to after signing in.</param>
    /// <param name="isSensitive">Whether only the owner may do that: the password must have been given within the last ten minutes.</param>
    /// <param name="cancellationToken">Gives up.</param>
    protected async Task<IActionResult> SubmitAsync(
        Func<AccountVisit, IFormCollection, Task<IActionResult>> act,
        Func<AccountVisit, string, Task<IActionResult>> refuse,
        string page,
        bool isSensitive,
        CancellationToken cancellationToken)
    {
        (IFormCollection form, string device) = await OpenFormAsync(cancellationToken);
        Did? wanted = Did.TryParse(form["account"].ToString(), out Did did) ? did : null;
        VisitAccountOutput visit = await Mediator.Send(new VisitAccountQuery(device, wanted, OrOther: false), cancellationToken);
        if (visit.Current is not { } account || (isSensitive && !account.IsFresh))
        {
            return SignInFirst(page);
        }

        try
        {
            return await act(Visit(device, account), form);
        }
        catch (XrpcException refusal)
        {
            return await refuse(Visit(device, account), refusal.Message);
        }
    }

    /// <summary>From now on, pages are this account's.</summary>
    /// <param name="did">The account.</param>
    protected void MakeCurrent(Did did) => Response.Cookies.Append(CurrentCookie, did.ToString(), Cookie());

    /// <summary>From now on, pages are any account's.</summary>
    protected void ForgetCurrent() => Response.Cookies.Delete(CurrentCookie, Cookie());

    /// <summary>Whose pages this browser shows, if it says so.</summary>
    protected Did? CurrentAccount() => Did.TryParse(Request.Cookies[CurrentCookie], out Did did) ? did : null;

    private IActionResult SignInFirst(string page) => SeeOther($"{AccountNavigation.SignIn}?next={AccountNavigation.Next(page)}");

    private AccountVisit Visit(string device, BrowserAccount account) => new(device, account, HiddenFields(device, account.Did));

    private CookieOptions Cookie() => new()
    {
        HttpOnly = true,
        Secure = IsSecure,
        SameSite = SameSiteMode.Lax,
        Path = AccountNavigation.Home,
    };
}

/// <summary>A browser in which somebody is signed in.</summary>
/// <param name="DeviceId">The browser.</param>
/// <param name="Account">Who.</param>
/// <param name="Hidden">The fields that forms have to carry.</param>
public sealed record AccountVisit(string DeviceId, BrowserAccount Account, IReadOnlyList<KeyValuePair<string, string>> Hidden)
{
    /// <summary>Who acts: the owner, as with a session by password.</summary>
    public Caller Caller => new Caller.Session(Account.Did, SessionScope.Access) { DeviceId = DeviceId };
}
