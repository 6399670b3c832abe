using MediatR;
using Microsoft.AspNetCore.Mvc;
using Pds.Api.Authentication;
using Pds.Application.OAuth;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.OAuth;

namespace Pds.Api.OAuth;

/// <summary>The pages on which people sign in and say yes or no to a client.</summary>
[Route("oauth/authorize")]
[PageErrors]
public sealed class AuthorizeController : ControllerBase
{
    private const int MaxFormBytes = 64 * 1024;

    private readonly IMediator _mediator;
    private readonly BrowserGuard _guard;
    private readonly AuthorizationPages _pages;
    private readonly PageLayout _layout;

    /// <summary>Creates the controller; the container does.</summary>
    /// <param name="mediator">Runs the use cases.</param>
    /// <param name="services">Where the pages are.</param>
    public AuthorizeController(IMediator mediator, IServiceProvider services)
    {
        _mediator = mediator;
        _guard = services.GetRequiredService<BrowserGuard>();
        _pages = services.GetRequiredService<AuthorizationPages>();
        _layout = services.GetRequiredService<PageLayout>();
    }

    /// <summary>Opens the request that a client has pushed.</summary>
    [HttpGet("")]
    public async Task<IActionResult> Open(CancellationToken cancellationToken)
    {
        string device = await _guard.OpenPageAsync(HttpContext, _mediator);
        IQueryCollection query = Request.Query;
        if (query["client_id"] is not [{ } clientId] || query["request_uri"] is not [{ } requestUri])
        {
            return await ReturnAsync(await _mediator.Send(new RefusePlainAuthorizationQuery(Describe(query)), cancellationToken));
        }

        AuthorizationStep step = await _mediator.Send(new OpenAuthorizationCommand(clientId, requestUri, device, query["view"] == "sign-in"), cancellationToken);
        return await ShowAsync(step, device);
    }

    /// <summary>Signs in.</summary>
    [HttpPost("sign-in")]
    [RequestSizeLimit(MaxFormBytes)]
    public async Task<IActionResult> SignIn(CancellationToken cancellationToken)
    {
        (IFormCollection form, string device) = await ReadAsync(cancellationToken);
        SignInToAuthorizeInput input = new()
        {
            Identifier = form["identifier"].ToString(),
            Password = form["password"].ToString(),
            Code = form["code"].ToString() is { Length: > 0 } code ? code : null,
            Remember = form["remember"] == "yes",
        };
        AuthorizationStep step = await _mediator.Send(
            new SignInToAuthorizeCommand(form["request"].ToString(), device, input, HttpContext.Connection.RemoteIpAddress), cancellationToken);
        return step is AuthorizationStep.SignIn ? await ShowAsync(step, device) : await GoOnAsync(step);
    }

    /// <summary>Goes on with an account that this browser remembers, or starts over.</summary>
    [HttpPost("choose")]
    [RequestSizeLimit(MaxFormBytes)]
    public async Task<IActionResult> Choose(CancellationToken cancellationToken)
    {
        (IFormCollection form, string device) = await ReadAsync(cancellationToken);
        AuthorizationStep step = await _mediator.Send(new ChooseAccountCommand(form["request"].ToString(), device, AccountOf(form)), cancellationToken);
        return step is AuthorizationStep.SignIn ? await ShowAsync(step, device) : await GoOnAsync(step);
    }

    /// <summary>Says yes or no.</summary>
    [HttpPost("answer")]
    [RequestSizeLimit(MaxFormBytes)]
    public async Task<IActionResult> Answer(CancellationToken cancellationToken)
    {
        (IFormCollection form, string device) = await ReadAsync(cancellationToken);
        string[] without = [.. form["optional"].OfType<string>().Except(form["granted"].OfType<string>(), StringComparer.Ordinal)];
        AuthorizationStep step = await _mediator.Send(
            new ApproveAuthorizationCommand(form["request"].ToString(), device, AccountOf(form), form["answer"] == "yes", without), cancellationToken);
        return await GoOnAsync(step);
    }

    private OAuthCall Describe(IQueryCollection query) => new(
        query.Where(parameter => parameter.Value is [{ }]).ToDictionary(parameter => parameter.Key, parameter => parameter.Value.ToString(), StringComparer.Ordinal),
        DpopHandler.Describe(Request));

    private static Did? AccountOf(IFormCollection form) => Did.TryParse(form["account"].ToString(), out Did did) ? did : null;

    private async Task<(IFormCollection Form, string Device)> ReadAsync(CancellationToken cancellationToken)
    {
        if (!Request.HasFormContentType)
        {
            throw new XrpcException(OAuthErrors.InvalidRequest, "The form could not be read.");
        }

        IFormCollection form = await Request.ReadFormAsync(cancellationToken);
        return (form, await _guard.OpenFormAsync(HttpContext, _mediator, form));
    }

    private async Task<IActionResult> ShowAsync(AuthorizationStep step, string device)
    {
        if (step is AuthorizationStep.Finished finished)
        {
            return await ReturnAsync(finished.Answer);
        }

        await _pages.WriteAsync(HttpContext, (AuthorizationStep.Page)step, device);
        return new EmptyResult();
    }

    /// <summary>After a form the browser asks for the next page, so that reloading it sends nothing again.</summary>
    private async Task<IActionResult> GoOnAsync(AuthorizationStep step) => step is AuthorizationStep.Finished finished
        ? await ReturnAsync(finished.Answer)
        : SeeOther(AuthorizationPages.AddressOf(((AuthorizationStep.Page)step).Context));

    private async Task<IActionResult> ReturnAsync(AuthorizationAnswer answer)
    {
        if (answer.Mode == "form_post")
        {
            await _layout.WritePostAsync(HttpContext, answer.RedirectUri, answer.Parameters);
            return new EmptyResult();
        }

        string parameters = string.Join('&', answer.Parameters.Select(parameter => $"{parameter.Key}={Uri.EscapeDataString(parameter.Value)}"));
        char separator = answer.Mode == "fragment" ? '#' : answer.RedirectUri.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        return SeeOther($"{answer.RedirectUri}{separator}{parameters}");
    }

    private StatusCodeResult SeeOther(string address)
    {
        Response.Headers.Location = address;
        Response.Headers.CacheControl = "no-store";
        Response.Headers["Referrer-Policy"] = "same-origin";
        return StatusCode(StatusCodes.Status303SeeOther);
    }
}
