using MediatR;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc;
using Pds.Api.Pages.SignIn;
using Pds.Api.RateLimits;
using Pds.Application.Factors;
using Pds.Application.OAuth;
using Pds.Domain.Identifiers;

namespace Pds.Api.Pages.Account;

/// <summary>Signing in to the account area, out of it, and from one account to another.</summary>
/// <param name="mediator">Runs the use cases.</param>
/// <param name="services">Where the rest is.</param>
internal sealed class AccountSignInController(IMediator mediator, IServiceProvider services) : AccountPageController(mediator, services)
{
    private ExternalSignInOptions External => HttpContext.RequestServices.GetRequiredService<ExternalSignInOptions>();

    /// <summary>Shows the page to sign in: to the account at hand, if its password is needed again.</summary>
    [HttpGet(AccountNavigation.SignIn)]
    public async Task<IActionResult> Open(CancellationToken cancellationToken)
    {
        string device = await OpenPageAsync();
        VisitAccountOutput visit = await Mediator.Send(new VisitAccountQuery(device, CurrentAccount(), OrOther: true), cancellationToken);
        bool wantsOther = Request.Query["other"] == "yes";
        string next = AccountNavigation.Next(Request.Query["next"]);
        if (!wantsOther && visit.Current is null && visit.Accounts.Count > 1)
        {
            return Choice(device, visit);
        }

        string? identifier = wantsOther ? null : NameOf(visit.Current ?? (visit.Accounts is [BrowserAccount first, ..] ? first : null));
        return await ShowAsync(Model(device, next) with { Identifier = identifier }, device, cancellationToken);
    }

    /// <summary>Signs in.</summary>
    [HttpPost(AccountNavigation.SignIn)]
    [Capacity(CapacityKind.Passwords)]
    [RequestSizeLimit(MaxFormBytes)]
    public async Task<IActionResult> SignIn(CancellationToken cancellationToken)
    {
        (IFormCollection form, string device) = await OpenFormAsync(cancellationToken);
        string next = AccountNavigation.Next(form["next"]);
        BrowserSignInInput input = SignInForm.Read(form);
        CountSignIn(input);
        SignInToBrowserOutput output = await Mediator.Send(new SignInToBrowserCommand(device, input, HttpContext.Connection.RemoteIpAddress), cancellationToken);
        if (output.Account is not { } account)
        {
            SignInModel model = Model(device, next) with { Identifier = input.Identifier, Needs = output.Needs, Pending = output.Pending, Fault = output.Fault };
            return await ShowAsync(model, device, cancellationToken);
        }

        await RenewDeviceAsync();
        MakeCurrent(account);
        return SeeOther(next);
    }

    /// <summary>Sends the user to sign in to the host.</summary>
    [HttpPost(AccountNavigation.ExternalSignIn)]
    [RequestSizeLimit(MaxFormBytes)]
    public async Task<IActionResult> ChallengeExternal(CancellationToken cancellationToken)
    {
        External.RequireEnabled();
        (IFormCollection form, _) = await OpenFormAsync(cancellationToken);
        return External.Challenge(new AuthenticationProperties { RedirectUri = $"{AccountNavigation.ExternalSignIn}?next={AccountNavigation.Next(form["next"])}" });
    }

    /// <summary>Takes the user up who comes back from there.</summary>
    [HttpGet(AccountNavigation.ExternalSignIn)]
    public async Task<IActionResult> ReturnFromExternal(CancellationToken cancellationToken)
    {
        External.RequireEnabled();
        string device = await OpenPageAsync();
        Did did = await External.RequireAccountAsync(HttpContext);
        await Mediator.Send(new RememberSignInCommand(device, did), cancellationToken);
        await RenewDeviceAsync();
        MakeCurrent(did);
        return SeeOther(AccountNavigation.Next(Request.Query["next"]));
    }

    /// <summary>Shows the accounts of this browser.</summary>
    [HttpGet(AccountNavigation.Choose)]
    public async Task<IActionResult> ChooseFrom(CancellationToken cancellationToken)
    {
        string device = await OpenPageAsync();
        VisitAccountOutput visit = await Mediator.Send(new VisitAccountQuery(device, Wanted: null, OrOther: true), cancellationToken);
        return visit.Accounts.Count == 0 ? SeeOther(AccountNavigation.SignIn) : Choice(device, visit);
    }

    /// <summary>Goes to another account of this browser.</summary>
    [HttpPost(AccountNavigation.Choose)]
    [RequestSizeLimit(MaxFormBytes)]
    public async Task<IActionResult> Choose(CancellationToken cancellationToken)
    {
        (IFormCollection form, string device) = await OpenFormAsync(cancellationToken);
        Did? wanted = Did.TryParse(form["chosen"].ToString(), out Did did) ? did : null;
        VisitAccountOutput visit = await Mediator.Send(new VisitAccountQuery(device, wanted, OrOther: false), cancellationToken);
        if (visit.Current is { } account)
        {
            MakeCurrent(account.Did);
            return SeeOther(AccountNavigation.Home);
        }

        string? identifier = NameOf(visit.Accounts.FirstOrDefault(known => known.Did == wanted));
        return await ShowAsync(Model(device, AccountNavigation.Home) with { Identifier = identifier }, device, cancellationToken);
    }

    /// <summary>Signs out: this browser forgets the account.</summary>
    [HttpPost(AccountNavigation.SignOut)]
    [RequestSizeLimit(MaxFormBytes)]
    public async Task<IActionResult> SignOutAsync(CancellationToken cancellationToken)
    {
        (IFormCollection form, string device) = await OpenFormAsync(cancellationToken);
        if (Did.TryParse(form["account"].ToString(), out Did did))
        {
            await Mediator.Send(new SignOutOfBrowserCommand(device, did), cancellationToken);
            await RenewDeviceAsync();
        }

        ForgetCurrent();
        return SeeOther(AccountNavigation.SignIn);
    }

    /// <summary>What to sign in with: an account without a handle has its DID.</summary>
    private static string? NameOf(BrowserAccount? account) => account?.Name == Handle.Invalid.ToString() ? account.Did.ToString() : account?.Name;

    /// <summary>A passkey is asked for along with name and password; where a code is needed, it is too late for that.</summary>
    private async Task<IActionResult> ShowAsync(SignInModel model, string device, CancellationToken cancellationToken) =>
        Page<SignInPage>(model.Pending is null ? model with { Passkey = await Mediator.Send(new BeginPasskeySignInCommand(device), cancellationToken) } : model);

    private SignInModel Model(string device, string next) => new()
    {
        Action = AccountNavigation.SignIn,
        OffersPassword = External.OffersPasswords,
        ExternalAction = External.IsEnabled ? AccountNavigation.ExternalSignIn : null,
        ExternalLabel = External.Label,
        Links = SignInForm.OtherWays(HttpContext.RequestServices.GetRequiredService<PdsPagesOptions>(), External, SignUpController.Address),
        RestartAddress = $"{AccountNavigation.SignIn}?next={next}",
        Hidden = [.. HiddenFields(device), new("next", next)],
    };

    private IActionResult Choice(string device, VisitAccountOutput visit) => Page<ChooseAccountPage>(new ChooseAccountModel
    {
        Accounts = [.. visit.Accounts.Select(account => new AccountChoice(account.Did, account.Name, account.NeedsPassword))],
        Action = AccountNavigation.Choose,
        FieldName = "chosen",
        OtherAddress = $"{AccountNavigation.SignIn}?other=yes",
        Hidden = HiddenFields(device),
    });
}
