using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc;
using Pds.Application.OAuth;
using Pds.Domain.Identifiers;

namespace Pds.Api.Pages.SignIn;

/// <content>Signing in by the host's own authentication.</content>
internal sealed partial class AuthorizeController
{
    private const string ExternalAddress = $"{Address}/external";

    private ExternalSignInOptions External => HttpContext.RequestServices.GetRequiredService<ExternalSignInOptions>();

    /// <summary>Sends the user to sign in to the host.</summary>
    [HttpPost("external")]
    [RequestSizeLimit(MaxFormBytes)]
    public async Task<IActionResult> ChallengeExternal(CancellationToken cancellationToken)
    {
        External.RequireEnabled();
        (IFormCollection form, string device) = await OpenFormAsync(cancellationToken);
        string request = form["request"].ToString();
        DescribeAuthorizationOutput about = await Mediator.Send(new DescribeAuthorizationCommand(request, device), cancellationToken);
        AuthenticationProperties properties = new() { RedirectUri = $"{ExternalAddress}?request={Uri.EscapeDataString(request)}" };
        if (about.NeedsSignIn)
        {
            properties.SetParameter("prompt", "login"); // as handlers of OpenID Connect read it
        }

        return External.Challenge(properties);
    }

    /// <summary>Takes the user up who comes back from there.</summary>
    [HttpGet("external")]
    public async Task<IActionResult> ReturnFromExternal(CancellationToken cancellationToken)
    {
        External.RequireEnabled();
        string device = await OpenPageAsync();
        Did did = await External.RequireAccountAsync(HttpContext);

        await RenewDeviceAsync();

        // Not remembered: the host alone knows how long somebody stays signed in.
        return GoOn(await Mediator.Send(new ContinueAsCommand(Request.Query["request"].ToString(), device, did, Remember: false), cancellationToken));
    }
}
