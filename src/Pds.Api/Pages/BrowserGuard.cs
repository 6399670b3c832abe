using MediatR;
using Microsoft.Extensions.Options;
using Pds.Application.DependencyInjection;
using Pds.Application.OAuth;
using Pds.Domain.Errors;
using Pds.Domain.OAuth;

namespace Pds.Api.Pages;

/// <summary>Makes sure that a page is asked for by a person in a browser, and knows the browser again (spec 07 §5, §11).</summary>
internal sealed class BrowserGuard(IOptions<PdsOptions> options, FormTokens tokens)
{
    private const string DeviceCookie = "dev-id";
    private const string SecretCookie = "ses-id";
    private static readonly TimeSpan CookieLife = TimeSpan.FromDays(3650);

    /// <summary>The browser that navigates to a page; one that is new gets its cookies.</summary>
    /// <exception cref="XrpcException">invalid_request.</exception>
    public async Task<string> OpenPageAsync(HttpContext context, IMediator mediator)
    {
        IHeaderDictionary headers = context.Request.Headers;
        bool isNavigation = headers["Sec-Fetch-Site"].ToString() is "same-origin" or "same-site" or "cross-site" or "none"
            && headers["Sec-Fetch-Mode"] == "navigate" && headers["Sec-Fetch-Dest"] == "document" && IsOwnOrigin(headers);
        return isNavigation
            ? await RecogniseAsync(context, mediator, mayBeNew: true, renew: false) ?? throw Refusal()
            : throw new XrpcException(OAuthErrors.InvalidRequest, "This page must be opened in a browser. If you have opened it in one, the browser is too old.");
    }

    /// <summary>The browser that posts a form of ours.</summary>
    /// <param name="context">The request.</param>
    /// <param name="mediator">Runs the use cases.</param>
    /// <param name="form">The form.</param>
    /// <param name="renew">Whether it gets a new cookie, since somebody signs in or out.</param>
    /// <exception cref="XrpcException">invalid_request.</exception>
    public async Task<string> OpenFormAsync(HttpContext context, IMediator mediator, IFormCollection form, bool renew)
    {
        IHeaderDictionary headers = context.Request.Headers;
        bool isOurs = headers["Sec-Fetch-Site"] == "same-origin" && headers["Sec-Fetch-Mode"] == "navigate" && IsOwnOrigin(headers);
        string? deviceId = isOurs ? await RecogniseAsync(context, mediator, mayBeNew: false, renew) : null;
        return deviceId is not null && tokens.IsGood(form["csrf"], deviceId, form["request"].ToString()) ? deviceId : throw Refusal();
    }

    /// <summary>The fields that a form of this browser has to carry.</summary>
    /// <param name="deviceId">The browser.</param>
    /// <param name="request">The authorization request that the form is about; <see langword="null"/> for none.</param>
    public IReadOnlyList<KeyValuePair<string, string>> HiddenFields(string deviceId, string? request)
    {
        KeyValuePair<string, string> token = new("csrf", tokens.Issue(deviceId, request ?? ""));
        return request is null ? [token] : [new("request", request), token];
    }

    private static XrpcException Refusal() => new(OAuthErrors.InvalidRequest, "The form was not sent from a page of this server, or cookies are off. Go back to the application and start again.");

    private bool IsOwnOrigin(IHeaderDictionary headers) => headers.Origin.Count == 0 || headers.Origin == options.Value.PublicOrigin;

    private async Task<string?> RecogniseAsync(HttpContext context, IMediator mediator, bool mayBeNew, bool renew)
    {
        IRequestCookieCollection cookies = context.Request.Cookies;
        var command = new OpenDeviceCommand(
            cookies[DeviceCookie], cookies[SecretCookie], context.Request.Headers.UserAgent, context.Connection.RemoteIpAddress, mayBeNew, renew);
        OpenDeviceOutput device = await mediator.Send(command, context.RequestAborted);
        if (device is { DeviceId: { } id, NewSecret: { } secret })
        {
            CookieOptions cookie = new() { HttpOnly = true, Secure = options.Value.PublicOrigin.StartsWith("https:", StringComparison.Ordinal), SameSite = SameSiteMode.Lax, Path = "/", MaxAge = CookieLife };
            context.Response.Cookies.Append(DeviceCookie, id, cookie);
            context.Response.Cookies.Append(SecretCookie, secret, cookie);
        }

        return device.DeviceId;
    }
}
