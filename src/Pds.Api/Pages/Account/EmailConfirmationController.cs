using MediatR;
using Microsoft.AspNetCore.Mvc;
using Pds.Application.Accounts;
using Pds.Domain.Errors;

namespace Pds.Api.Pages.Account;

/// <summary>The page on which an address is confirmed with the code that was mailed to it. Nobody has to sign in for that.</summary>
/// <param name="mediator">Runs the use cases.</param>
/// <param name="services">Where the rest is.</param>
[Route("account/confirm-email")]
[PdsArea(PdsArea.Account)]
internal sealed class EmailConfirmationController(IMediator mediator, IServiceProvider services) : PageController(mediator, services)
{
    private const string Address = "/account/confirm-email";

    /// <summary>Asks for address and code.</summary>
    [HttpGet("")]
    public async Task<IActionResult> Open() => Page<ConfirmEmailPage>(Describe(await OpenPageAsync()));

    /// <summary>Confirms the address.</summary>
    [HttpPost("")]
    [RequestSizeLimit(MaxFormBytes)]
    public async Task<IActionResult> Confirm(CancellationToken cancellationToken)
    {
        (IFormCollection form, string device) = await OpenFormAsync(cancellationToken);
        ConfirmEmailInput input = new() { Email = form["email"].ToString(), Token = form["code"].ToString() };
        try
        {
            await Mediator.Send(new ConfirmEmailByTokenCommand(input, HttpContext.Connection.RemoteIpAddress), cancellationToken);
        }
        catch (XrpcException refusal)
        {
            return Page<ConfirmEmailPage>(Describe(device) with { Email = input.Email, Code = input.Token, Fault = refusal.Message });
        }

        return SeeOther($"{Address}/done");
    }

    /// <summary>Tells that the address is confirmed.</summary>
    [HttpGet("done")]
    public async Task<IActionResult> Done()
    {
        await OpenPageAsync();
        return Page<DonePage>(new DoneModel { Notice = "Your e-mail address is confirmed.", Links = [new PageLink("Go to your account", "/account")] });
    }

    private ConfirmEmailModel Describe(string device) => new() { Action = Address, Hidden = HiddenFields(device) };
}
