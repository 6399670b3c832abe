using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Pds.Application.OAuth;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.OAuth;

namespace Pds.Api.OAuth;

/// <content>Signing in by the host's own authentication.</content>
public sealed partial class AuthorizeController
{
    private const string ExternalAddress = $"{Address}/external";

    private ExternalSignInOptions External => HttpContext.RequestServices.GetRequiredService<IOptions<ExternalSignInOptions>>().Value;

    /// <summary>Sends the user to sign in to the host.</summary>
    [HttpPost("external")]
    [RequestSizeLimit(MaxFormBytes)]
    public async Task<IActionResult> ChallengeExternal(CancellationToken cancellationToken)
    {
        RequireExternal();
        (IFormCollection form, string device) = await OpenFormAsync(cancellationToken);
        string request = form["request"].ToString();
        DescribeAuthorizationOutput about = await Mediator.Send(new DescribeAuthorizationCommand(request, device), cancellationToken);
        AuthenticationProperties properties = new() { RedirectUri = $"{ExternalAddress}?request={Uri.EscapeDataString(request)}" };
        if (about.NeedsSignIn)
        {
            properties.SetParameter("prompt", "login"); // as handlers of OpenID Connect read it
        }

        return External.Challenger is { } scheme ? Challenge(properties, scheme) : Challenge(properties);
    }

    /// <summary>Takes the user up who comes back from there.</summary>
    [HttpGet("external")]
    public async Task<IActionResult> ReturnFromExternal(CancellationToken cancellationToken)
    {
        RequireExternal();
        string device = await OpenPageAsync();
        AuthenticateResult result = await HttpContext.AuthenticateAsync(External.Scheme);
        if (!result.Succeeded)
        {
            throw new XrpcException(OAuthErrors.InvalidRequest, "You are not signed in. Go back to the application and start again.");
        }

        Did did = await HttpContext.RequestServices.GetRequiredService<IExternalAccounts>().FindAsync(result.Principal, cancellationToken)
            ?? throw new XrpcException(AuthErrors.AccountNotFound, "You are signed in, but there is no account on this server that belongs to you.");

        // Not remembered: the host alone knows how long somebody stays signed in.
        return GoOn(await Mediator.Send(new ContinueAsCommand(Request.Query["request"].ToString(), device, did, Remember: false), cancellationToken));
    }

    private void RequireExternal()
    {
        if (!External.IsEnabled)
        {
            throw new XrpcException(OAuthErrors.InvalidRequest, "This server does not sign people in by other means.");
        }
    }
}
