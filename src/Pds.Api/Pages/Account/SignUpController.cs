using MediatR;
using Microsoft.AspNetCore.Mvc;
using Pds.Api.Pages.SignUp;
using Pds.Api.RateLimits;
using Pds.Application.Accounts;
using Pds.Application.OAuth;
using Pds.Application.Pipeline;
using Pds.Application.Settings;
using Pds.Domain.Errors;

namespace Pds.Api.Pages.Account;

/// <summary>The page to make an account without an application asking for one.</summary>
/// <param name="mediator">Runs the use cases.</param>
/// <param name="services">Where the rest is.</param>
[Route("account/sign-up")]
[PdsArea(PdsArea.SignUp)]
internal sealed class SignUpController(IMediator mediator, IServiceProvider services) : AccountPageController(mediator, services)
{
    /// <summary>Where the page is.</summary>
    internal const string Address = "/account/sign-up";

    private ServerSettings Settings => HttpContext.RequestServices.GetRequiredService<ServerSettings>();

    /// <summary>Shows the form.</summary>
    [HttpGet("")]
    public async Task<IActionResult> Open() => Page<SignUpPage>(Describe(await OpenPageAsync()));

    /// <summary>Makes an account and signs in to it.</summary>
    [HttpPost("")]
    [Capacity(CapacityKind.Passwords)]
    [RequestSizeLimit(MaxFormBytes)]
    public async Task<IActionResult> SignUp(CancellationToken cancellationToken)
    {
        (IFormCollection form, string device) = await OpenFormAsync(cancellationToken);
        CreateAccountOutput created;
        try
        {
            HttpContext.RequestServices.GetRequiredService<RateLimiter>().CountCall(HttpContext, "com.atproto.server.createAccount", []);
            created = await Mediator.Send(new CreateAccountCommand(Caller.Anonymous.Instance, SignUpForm.Read(form, Settings.HandleDomains)), cancellationToken);
        }
        catch (XrpcException refusal)
        {
            return Page<SignUpPage>(SignUpForm.Refill(Describe(device), form, refusal));
        }

        // The session that comes with a new account is for programs; nobody is going to use it.
        await Mediator.Send(new DeleteSessionCommand(created.RefreshJwt), cancellationToken);
        await Mediator.Send(new RememberSignInCommand(device, created.Did), cancellationToken);
        await RenewDeviceAsync();
        MakeCurrent(created.Did);
        return SeeOther($"{Address}/done");
    }

    /// <summary>Tells that the account is there.</summary>
    [HttpGet("done")]
    public async Task<IActionResult> Done()
    {
        await OpenPageAsync();
        return Page<DonePage>(new DoneModel
        {
            Notice = "Your account has been created. We have sent you an e-mail to confirm your address.",
            Links = [new PageLink("Confirm your e-mail address", "/account/confirm-email"), new PageLink("Go to your account", "/account")],
        });
    }

    private SignUpModel Describe(string device) => SignUpForm.Describe(HttpContext.RequestServices, Address) with { Hidden = HiddenFields(device) };
}
