using Microsoft.AspNetCore.Mvc;
using Pds.Api.Pages.SignUp;
using Pds.Api.RateLimits;
using Pds.Application.Accounts;
using Pds.Application.OAuth;
using Pds.Application.Pipeline;
using Pds.Application.Settings;
using Pds.Domain.Errors;
using Pds.Domain.OAuth;

namespace Pds.Api.Pages.SignIn;

/// <content>Making an account on the way.</content>
internal sealed partial class AuthorizeController
{
    private const string SignUpAddress = $"{Address}/sign-up";

    private ServerSettings Settings => HttpContext.RequestServices.GetRequiredService<ServerSettings>();

    private PdsPagesOptions Pages => HttpContext.RequestServices.GetRequiredService<PdsPagesOptions>();

    /// <summary>Makes an account and goes on with it.</summary>
    [HttpPost("sign-up")]
    [Capacity(CapacityKind.Passwords)]
    [RequestSizeLimit(MaxFormBytes)]
    public async Task<IActionResult> SignUp(CancellationToken cancellationToken)
    {
        (IFormCollection form, string device) = await OpenFormAsync(cancellationToken);
        string request = form["request"].ToString();
        AuthorizationContext context = (await Mediator.Send(new DescribeAuthorizationCommand(request, device), cancellationToken)).Context;
        if (!Pages.SignUp)
        {
            throw new XrpcException(OAuthErrors.InvalidRequest, "Accounts cannot be created here.");
        }

        CreateAccountInput input = SignUpForm.Read(form, Settings.HandleDomains);
        CreateAccountOutput created;
        try
        {
            HttpContext.RequestServices.GetRequiredService<RateLimiter>().CountCall(HttpContext, "com.atproto.server.createAccount", []);
            created = await Mediator.Send(new CreateAccountCommand(Caller.Anonymous.Instance, input), cancellationToken);
        }
        catch (XrpcException refusal)
        {
            return Page<SignUpPage>(SignUpForm.Refill(Describe(context, device), form, refusal));
        }

        // The session that comes with a new account is for programs; nobody is going to use it.
        await Mediator.Send(new DeleteSessionCommand(created.RefreshJwt), cancellationToken);
        await RenewDeviceAsync();
        return GoOn(await Mediator.Send(new ContinueAsCommand(request, device, created.Did, Remember: false), cancellationToken));
    }

    private SignUpModel Describe(AuthorizationContext context, string device) => SignUpForm.Describe(HttpContext.RequestServices, SignUpAddress) with
    {
        Client = ClientView.Of(context),
        CancelAction = AnswerAddress,
        Links = [new PageLink("Sign in instead", $"{AddressOf(context)}&view=sign-in")],
        Hidden = HiddenFields(device, context.RequestId),
        AskedLanguages = context.UiLocales,
    };

    private IReadOnlyList<PageLink> OtherWays(AuthorizationStep.SignIn page) =>
        SignInForm.OtherWays(Pages, External, page.Identifier is null ? $"{AddressOf(page.Context)}&view=sign-up" : null);
}
