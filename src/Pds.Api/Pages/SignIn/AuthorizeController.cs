using MediatR;
using Microsoft.AspNetCore.Mvc;
using Pds.Api.Authentication;
using Pds.Api.Pages.SignUp;
using Pds.Api.RateLimits;
using Pds.Application.Factors;
using Pds.Application.OAuth;
using Pds.Domain.Identifiers;

namespace Pds.Api.Pages.SignIn;

/// <summary>The pages on which people sign in and say yes or no to a client.</summary>
/// <param name="mediator">Runs the use cases.</param>
/// <param name="services">Where the rest is.</param>
[Route("oauth/authorize")]
[PdsArea(PdsArea.AuthorizationServer)]
internal sealed partial class AuthorizeController(IMediator mediator, IServiceProvider services) : PageController(mediator, services)
{
    private const string Address = "/oauth/authorize";
    private const string AnswerAddress = $"{Address}/answer";
    private const string ChooseAddress = $"{Address}/choose";

    /// <summary>Opens the request that a client has pushed.</summary>
    [HttpGet("")]
    [Capacity(CapacityKind.Clients)]
    public async Task<IActionResult> Open(CancellationToken cancellationToken)
    {
        string device = await OpenPageAsync();
        IQueryCollection query = Request.Query;
        if (query["client_id"] is not [{ } clientId] || query["request_uri"] is not [{ } requestUri])
        {
            return Return(await Mediator.Send(new RefusePlainAuthorizationQuery(Describe(query)), cancellationToken));
        }

        AuthorizationStep step = await Mediator.Send(new OpenAuthorizationCommand(clientId, requestUri, device, WishOf(query)), cancellationToken);
        if (step is AuthorizationStep.SignUp && !Pages.SignUp)
        {
            step = await Mediator.Send(new OpenAuthorizationCommand(clientId, requestUri, device, AuthorizationWish.SignIn), cancellationToken);
        }

        return await ShowAsync(step, device, cancellationToken);
    }

    /// <summary>Signs in.</summary>
    [HttpPost("sign-in")]
    [Capacity(CapacityKind.Passwords)]
    [RequestSizeLimit(MaxFormBytes)]
    public async Task<IActionResult> SignIn(CancellationToken cancellationToken)
    {
        (IFormCollection form, string device) = await OpenFormAsync(cancellationToken);
        BrowserSignInInput input = SignInForm.Read(form);
        CountSignIn(input);
        AuthorizationStep step = await Mediator.Send(
            new SignInToAuthorizeCommand(form["request"].ToString(), device, input, HttpContext.Connection.RemoteIpAddress), cancellationToken);
        if (step is AuthorizationStep.SignIn)
        {
            return await ShowAsync(step, device, cancellationToken);
        }

        await RenewDeviceAsync();
        return GoOn(step);
    }

    /// <summary>Goes on with an account that this browser remembers, or starts over.</summary>
    [HttpPost("choose")]
    [Capacity(CapacityKind.Clients)]
    [RequestSizeLimit(MaxFormBytes)]
    public async Task<IActionResult> Choose(CancellationToken cancellationToken)
    {
        (IFormCollection form, string device) = await OpenFormAsync(cancellationToken);
        AuthorizationStep step = await Mediator.Send(new ChooseAccountCommand(form["request"].ToString(), device, AccountOf(form)), cancellationToken);
        return step is AuthorizationStep.SignIn ? await ShowAsync(step, device, cancellationToken) : GoOn(step);
    }

    /// <summary>Activates a deactivated account and goes on with it.</summary>
    [HttpPost("reactivate")]
    [Capacity(CapacityKind.Clients)]
    [RequestSizeLimit(MaxFormBytes)]
    public async Task<IActionResult> Reactivate(CancellationToken cancellationToken)
    {
        (IFormCollection form, string device) = await OpenFormAsync(cancellationToken);
        AuthorizationStep step = await Mediator.Send(new ReactivateToAuthorizeCommand(form["request"].ToString(), device, AccountOf(form)), cancellationToken);
        return step is AuthorizationStep.Reactivate ? await ShowAsync(step, device, cancellationToken) : GoOn(step);
    }

    /// <summary>Says yes or no.</summary>
    [HttpPost("answer")]
    [Capacity(CapacityKind.Clients)]
    [RequestSizeLimit(MaxFormBytes)]
    public async Task<IActionResult> Answer(CancellationToken cancellationToken)
    {
        (IFormCollection form, string device) = await OpenFormAsync(cancellationToken);
        string[] without = [.. form["optional"].OfType<string>().Except(form["granted"].OfType<string>(), StringComparer.Ordinal)];
        AuthorizationStep step = await Mediator.Send(
            new ApproveAuthorizationCommand(form["request"].ToString(), device, AccountOf(form), form["answer"] == "yes", without), cancellationToken);
        await RenewDeviceAsync();
        return GoOn(step);
    }

    private OAuthCall Describe(IQueryCollection query) => new(
        query.Where(parameter => parameter.Value is [{ }]).ToDictionary(parameter => parameter.Key, parameter => parameter.Value.ToString(), StringComparer.Ordinal),
        DpopHandler.Describe(Request));

    private static AuthorizationWish WishOf(IQueryCollection query) => query["view"].ToString() switch
    {
        "sign-in" => AuthorizationWish.SignIn,
        "sign-up" => AuthorizationWish.SignUp,
        _ => AuthorizationWish.Next,
    };

    private static Did? AccountOf(IFormCollection form) => Did.TryParse(form["account"].ToString(), out Did did) ? did : null;

    /// <summary>The address of the page of a request.</summary>
    private static string AddressOf(AuthorizationContext request) =>
        $"{Address}?client_id={Uri.EscapeDataString(request.Client.ClientId)}&request_uri={Uri.EscapeDataString($"urn:ietf:params:oauth:request_uri:{request.RequestId}")}";

    private async Task<IActionResult> ShowAsync(AuthorizationStep step, string device, CancellationToken cancellationToken) => step switch
    {
        AuthorizationStep.Finished finished => Return(finished.Answer),
        AuthorizationStep.SignIn page => Page<SignInPage>(new SignInModel
        {
            Action = $"{Address}/sign-in",
            Client = ClientView.Of(page.Context),
            Identifier = page.Identifier,
            IsIdentifierFixed = page.Identifier is not null,
            Needs = page.Needs,
            Pending = page.Pending,
            RestartAddress = $"{AddressOf(page.Context)}&view=sign-in",
            Passkey = page.Pending is null && External.OffersPasswords ? await Mediator.Send(new BeginPasskeySignInCommand(device), cancellationToken) : null,
            OffersToRemember = true,
            OffersPassword = External.OffersPasswords,
            ExternalAction = External.IsEnabled ? ExternalAddress : null,
            ExternalLabel = External.Label,
            CancelAction = AnswerAddress,
            Links = OtherWays(page),
            Fault = page.Fault,
            Hidden = HiddenFields(device, page.Context.RequestId),
            AskedLanguages = page.Context.UiLocales,
        }),
        AuthorizationStep.SignUp page => Page<SignUpPage>(Describe(page.Context, device)),
        AuthorizationStep.Choose page => Page<ChooseAccountPage>(new ChooseAccountModel
        {
            Client = ClientView.Of(page.Context),
            Accounts = page.Accounts,
            Action = ChooseAddress,
            OtherAddress = $"{AddressOf(page.Context)}&view=sign-in",
            CancelAction = AnswerAddress,
            Hidden = HiddenFields(device, page.Context.RequestId),
            AskedLanguages = page.Context.UiLocales,
        }),
        AuthorizationStep.Reactivate page => Page<ReactivatePage>(new ReactivateModel
        {
            Client = ClientView.Of(page.Context),
            Account = page.Account,
            Action = $"{Address}/reactivate",
            OtherAction = page.Context.IsAccountFixed ? null : ChooseAddress,
            CancelAction = AnswerAddress,
            Fault = page.Fault,
            Hidden = HiddenFields(device, page.Context.RequestId),
            AskedLanguages = page.Context.UiLocales,
        }),
        AuthorizationStep.Consent page => Page<ConsentPage>(new ConsentModel
        {
            Client = ClientView.Of(page.Context),
            Account = page.Account,
            Scopes = page.Scopes,
            Sets = page.Sets,
            AnswerAction = AnswerAddress,
            OtherAction = page.Context.IsAccountFixed ? null : ChooseAddress,
            Hidden = HiddenFields(device, page.Context.RequestId),
            AskedLanguages = page.Context.UiLocales,
        }),
        _ => throw new ArgumentOutOfRangeException(nameof(step)),
    };

    /// <summary>After a form the browser asks for the next page, so that reloading it sends nothing again.</summary>
    private IActionResult GoOn(AuthorizationStep step) => step is AuthorizationStep.Finished finished
        ? Return(finished.Answer)
        : SeeOther(AddressOf(((AuthorizationStep.Page)step).Context));

    private IActionResult Return(AuthorizationAnswer answer)
    {
        if (answer.Mode == "form_post")
        {
            return Page<ReturnPage>(new ReturnModel { Address = answer.RedirectUri, Fields = answer.Parameters });
        }

        string parameters = string.Join('&', answer.Parameters.Select(parameter => $"{parameter.Key}={Uri.EscapeDataString(parameter.Value)}"));
        char separator = answer.Mode == "fragment" ? '#' : answer.RedirectUri.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        return SeeOther($"{answer.RedirectUri}{separator}{parameters}");
    }
}
