using MediatR;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Mvc;
using Pds.Api.RateLimits;
using Pds.Application.Accounts;
using Pds.Application.OAuth;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.OAuth;

namespace Pds.Api.Pages;

/// <summary>Base of controllers that answer with pages. Refusals become pages, too.</summary>
/// <param name="mediator">Runs the use cases.</param>
/// <param name="services">Where the rest is.</param>
[PageErrors]
internal abstract class PageController(IMediator mediator, IServiceProvider services) : ControllerBase
{
    /// <summary>Most bytes of a form.</summary>
    protected const int MaxFormBytes = 64 * 1024;

    private readonly BrowserGuard _guard = services.GetRequiredService<BrowserGuard>();
    private readonly RateLimiter _limiter = services.GetRequiredService<RateLimiter>();

    /// <summary>Runs the use cases.</summary>
    protected IMediator Mediator => mediator;

    /// <summary>Whether browsers come over https.</summary>
    protected bool IsSecure => _guard.IsSecure;

    /// <summary>The browser that navigates here; a new one gets its cookies.</summary>
    /// <exception cref="XrpcException">invalid_request: it is no browser that navigates.</exception>
    protected Task<string> OpenPageAsync() => _guard.OpenPageAsync(HttpContext, mediator);

    /// <summary>The form that is posted, and the browser that posts it.</summary>
    /// <exception cref="XrpcException">invalid_request: it is no form of ours, or not this browser's.</exception>
    protected async Task<(IFormCollection Form, string Device)> OpenFormAsync(CancellationToken cancellationToken)
    {
        if (!Request.HasFormContentType)
        {
            throw new XrpcException(OAuthErrors.InvalidRequest, "The form could not be read.");
        }

        IFormCollection form = await Request.ReadFormAsync(cancellationToken);
        return (form, await _guard.OpenFormAsync(HttpContext, mediator, form));
    }

    /// <summary>The fields that forms of this browser have to carry.</summary>
    /// <param name="device">The browser.</param>
    /// <param name="request">The authorization request that the form is about; <see langword="null"/> for none.</param>
    protected IReadOnlyList<KeyValuePair<string, string>> HiddenFields(string device, string? request = null) => _guard.HiddenFields(device, request);

    /// <summary>The fields that forms of this browser have to carry that are about an account.</summary>
    /// <param name="device">The browser.</param>
    /// <param name="account">The account.</param>
    protected IReadOnlyList<KeyValuePair<string, string>> HiddenFields(string device, Did account) => _guard.HiddenFields(device, account);

    /// <summary>Counts a form as the method that does the same, in the same buckets: pages are no way round the limits.</summary>
    /// <typeparam name="TMessage">The message of the method.</typeparam>
    /// <param name="arguments">Who asks, or who wants to sign in.</param>
    /// <exception cref="XrpcException">RateLimitExceeded.</exception>
    protected void Count<TMessage>(params object[] arguments) => _limiter.CountCall<TMessage>(HttpContext, arguments);

    /// <summary>Counts an attempt to sign in.</summary>
    /// <param name="input">What was written.</param>
    /// <exception cref="XrpcException">RateLimitExceeded.</exception>
    protected void CountSignIn(BrowserSignInInput input) => Count<CreateSessionCommand>(new CreateSessionInput { Identifier = input.Identifier, Password = "" });

    /// <summary>Gives the browser another cookie: somebody signed in or out.</summary>
    protected Task RenewDeviceAsync() => _guard.RenewAsync(HttpContext, mediator);

    /// <summary>Answers with a page.</summary>
    /// <typeparam name="TPage">The page, as this server has it.</typeparam>
    /// <param name="model">What it shows.</param>
    /// <param name="status">HTTP status; by default 400 when the model tells a fault, else 200.</param>
    protected static IActionResult Page<TPage>(PageModel model, int? status = null)
        where TPage : IComponent => new PageResult<TPage>(model, status);

    /// <summary>After a form the browser asks for the next page, so that reloading it sends nothing again.</summary>
    /// <param name="address">The next page.</param>
    protected IActionResult SeeOther(string address)
    {
        Response.Headers.Location = address;
        Response.Headers.CacheControl = "no-store";
        Response.Headers["Referrer-Policy"] = "same-origin";
        return StatusCode(StatusCodes.Status303SeeOther);
    }
}
