using MediatR;
using Microsoft.AspNetCore.Mvc;
using Pds.Api.RateLimits;
using Pds.Application.Accounts;
using Pds.Domain.Accounts;
using Pds.Domain.Errors;

namespace Pds.Api.Pages.Account;

/// <summary>The pages for people who forgot their password. They never tell whether an address is an account's.</summary>
/// <param name="mediator">Runs the use cases.</param>
/// <param name="services">Where the rest is.</param>
[Route("account/reset-password")]
[PdsArea(PdsArea.Account)]
internal sealed class PasswordResetController(IMediator mediator, IServiceProvider services) : PageController(mediator, services)
{
    private const string Address = "/account/reset-password";

    private RateLimiter Limiter => HttpContext.RequestServices.GetRequiredService<RateLimiter>();

    /// <summary>Asks for the address.</summary>
    [HttpGet("")]
    public async Task<IActionResult> Open() =>
        Page<ForgottenPasswordPage>(new ForgottenPasswordModel { Action = Address, Hidden = HiddenFields(await OpenPageAsync()) });

    /// <summary>Mails a code, if the address is an account's.</summary>
    [HttpPost("")]
    [RequestSizeLimit(MaxFormBytes)]
    public async Task<IActionResult> Send(CancellationToken cancellationToken)
    {
        (IFormCollection form, _) = await OpenFormAsync(cancellationToken);
        Limiter.CountCall(HttpContext, "com.atproto.server.requestPasswordReset", []);
        await Mediator.Send(new RequestPasswordResetCommand(new RequestPasswordResetInput(PastedText.Clean(form["email"].ToString()))), cancellationToken);
        return SeeOther($"{Address}/code");
    }

    /// <summary>Asks for the code and a new password.</summary>
    [HttpGet("code")]
    public async Task<IActionResult> OpenCode() => Page<NewPasswordPage>(Describe(await OpenPageAsync()) with
    {
        Notice = "If there is an account with this address, we have sent a code to it. It is good for 15 minutes.",
    });

    /// <summary>Sets the password.</summary>
    [HttpPost("code")]
    [Capacity(CapacityKind.Passwords)]
    [RequestSizeLimit(MaxFormBytes)]
    public async Task<IActionResult> Change(CancellationToken cancellationToken)
    {
        (IFormCollection form, string device) = await OpenFormAsync(cancellationToken);
        ResetPasswordInput input = new() { Token = form["code"].ToString(), Password = form["password"].ToString() };
        try
        {
            Limiter.CountCall(HttpContext, "com.atproto.server.resetPassword", []);
            await Mediator.Send(new ResetPasswordCommand(input, HttpContext.Connection.RemoteIpAddress), cancellationToken);
        }
        catch (XrpcException refusal)
        {
            return Page<NewPasswordPage>(Describe(device) with { Code = input.Token, Fault = Explain(refusal) });
        }

        return SeeOther($"{Address}/done");
    }

    /// <summary>Tells that the password is changed.</summary>
    [HttpGet("done")]
    public async Task<IActionResult> Done()
    {
        await OpenPageAsync();
        return Page<DonePage>(new DoneModel
        {
            Notice = "Your password has been changed. Sign in with the new one.",
            Links = [new PageLink("Go to your account", "/account")],
        });
    }

    private static string Explain(XrpcException refusal) => refusal.Error switch
    {
        var error when error == AccountErrors.InvalidToken || error == AccountErrors.ExpiredToken => "The code is wrong or too old.",
        var error when error == RequestErrors.InvalidRequest => "The password must have 8 to 256 characters.",
        _ => refusal.Message,
    };

    private NewPasswordModel Describe(string device) => new() { Action = $"{Address}/code", Hidden = HiddenFields(device) };
}
