using MediatR;
using Pds.Application.OAuth;
using Pds.Application.Settings;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.OAuth;

namespace Pds.Api.Pages;

/// <summary>Makes sure that a page is asked for by a person in a browser, and knows the browser again (spec 07 §5, §11).</summary>
internal sealed class BrowserGuard(ServerSettings options, FormTokens tokens)
{
    private const string DeviceCookie = "dev-id";
    private const string SecretCookie = "ses-id";
    private static readonly TimeSpan CookieLife = TimeSpan.FromDays(3650);

    /// <summary>Whether browsers come over https.</summary>
    public bool IsSecure => options.PublicOrigin.StartsWith("https:", StringComparison.Ordinal);

    /// <summary>The browser that navigates to a page; one that is new gets its cookies.</summary>
    /// <exception cref="XrpcException">invalid_request.</exception>
    public async Task<string> OpenPageAsync(HttpContext context, IMediator mediator)
    {
        IHeaderDictionary headers = context.Request.Headers;
        bool isNavigation = headers["Sec-Fetch-Site"].ToString() is "same-origin" or "same-site" or "cross-site" or "none"
            && headers["Sec-Fetch-Mode"] == "navigate" && headers["Sec-Fetch-Dest"] == "document" && IsOwnOrigin(headers);
        return isNavigation
            ? await RecogniseAsync(context, mediator, mayBeNew: true) ?? throw Refusal()
            : throw new XrpcException(OAuthErrors.InvalidRequest, "This page must be opened in a browser. If you have opened it in one, the browser is too old.");
    }

    /// <summary>The browser that posts a form of ours.</summary>
    /// <exception cref="XrpcException">invalid_request.</exception>
    public async Task<string> OpenFormAsync(HttpContext context, IMediator mediator, IFormCollection form)
    {
        IHeaderDictionary headers = context.Request.Headers;
        bool isOurs = headers["Sec-Fetch-Site"] == "same-origin" && headers["Sec-Fetch-Mode"] == "navigate" && IsOwnOrigin(headers);
        string? deviceId = isOurs ? await RecogniseAsync(context, mediator, mayBeNew: false) : null;
        return deviceId is not null && tokens.IsGood(form["csrf"], deviceId, SubjectOf(form)) ? deviceId : throw Refusal();
    }

    /// <summary>The fields that a form of this browser has to carry.</summary>
    /// <param name="deviceId">The browser.</param>
    /// <param name="request">The authorization request that the form is about; <see langword="null"/> for none.</param>
    public IReadOnlyList<KeyValuePair<string, string>> HiddenFields(string deviceId, string? request)
    {
        KeyValuePair<string, string> token = new("csrf", tokens.Issue(deviceId, request ?? ""));
        return request is null ? [token] : [new("request", request), token];
    }

    /// <summary>The fields that a form has to carry that is about an account: it acts on that one, whichever is shown in another tab by then.</summary>
    /// <param name="deviceId">The browser.</param>
    /// <param name="account">The account.</param>
    public IReadOnlyList<KeyValuePair<string, string>> HiddenFields(string deviceId, Did account) =>
        [new("account", account.ToString()), new("csrf", tokens.Issue(deviceId, AccountSubject(account.ToString())))];

    /// <summary>Gives the browser another cookie at once: somebody signed in or out.</summary>
    public Task RenewAsync(HttpContext context, IMediator mediator) => RecogniseAsync(context, mediator, mayBeNew: false, renew: true);

    private static string AccountSubject(string account) => $"account {account}";

    /// <summary>What the token of a form is for: a request, else an account, else nothing in particular.</summary>
    private static string SubjectOf(IFormCollection form) =>
        form["request"].ToString() is { Length: > 0 } request ? request : form["account"].ToString() is { Length: > 0 } account ? AccountSubject(account) : "";

    private static XrpcException Refusal() => new(OAuthErrors.InvalidRequest, "The form was not sent from a page of this server, or cookies are off. Go back to the application and start again.");

    private bool IsOwnOrigin(IHeaderDictionary headers) => headers.Origin.Count == 0 || headers.Origin == options.PublicOrigin;

    private async Task<string?> RecogniseAsync(HttpContext context, IMediator mediator, bool mayBeNew, bool renew = false)
    {
        IRequestCookieCollection cookies = context.Request.Cookies;
        var command = new OpenDeviceCommand(
            cookies[DeviceCookie], cookies[SecretCookie], context.Request.Headers.UserAgent, context.Connection.RemoteIpAddress, mayBeNew, renew);
        OpenDeviceOutput device = await mediator.Send(command, context.RequestAborted);
        if (device is { DeviceId: { } id, NewSecret: { } secret })
        {
            CookieOptions cookie = new() { HttpOnly = true, Secure = IsSecure, SameSite = SameSiteMode.Lax, Path = "/", MaxAge = CookieLife };
            context.Response.Cookies.Append(DeviceCookie, id, cookie);
            context.Response.Cookies.Append(SecretCookie, secret, cookie);
        }

        return device.DeviceId;
    }
}
