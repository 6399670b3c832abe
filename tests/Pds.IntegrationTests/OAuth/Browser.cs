using System.Net;
using System.Text.RegularExpressions;
using System.Web;

namespace Pds.IntegrationTests.OAuth;

/// <summary>A browser without scripts: cookies, navigations, forms.</summary>
internal sealed class Browser : IDisposable
{
    private readonly HttpClient _http;

    public Browser(PdsApplication pds)
    {
        Origin = pds.Origin;
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = Cookies }) { BaseAddress = pds.Origin };
    }

    public Uri Origin { get; }

    public CookieContainer Cookies { get; } = new();

    public string? AcceptLanguage { get; init; }

    /// <summary>Navigates to a page, from elsewhere.</summary>
    public Task<Page> OpenAsync(string address) => SendAsync(HttpMethod.Get, address, "cross-site", null);

    /// <summary>Follows a link to something that is no page.</summary>
    public Task<HttpResponseMessage> DownloadAsync(string address)
    {
        HttpRequestMessage request = Request(HttpMethod.Get, address, "same-origin");
        return _http.SendAsync(request);
    }

    public async Task<Page> SendAsync(HttpMethod verb, string address, string site, IEnumerable<KeyValuePair<string, string>>? form, string? origin = null)
    {
        using HttpRequestMessage request = Request(verb, address, site);
        if (form is not null)
        {
            request.Headers.Add("Origin", origin ?? Origin.GetLeftPart(UriPartial.Authority));
            request.Content = new FormUrlEncodedContent(form);
        }

        HttpResponseMessage response = await _http.SendAsync(request);
        if (response is { StatusCode: HttpStatusCode.SeeOther, Headers.Location: { IsAbsoluteUri: false } next })
        {
            return await SendAsync(HttpMethod.Get, next.OriginalString, "same-origin", null);
        }

        return new Page(this, response, await response.Content.ReadAsStringAsync());
    }

    public void Dispose() => _http.Dispose();

    private HttpRequestMessage Request(HttpMethod verb, string address, string site)
    {
        HttpRequestMessage request = new(verb, address);
        request.Headers.Add("Sec-Fetch-Site", site);
        request.Headers.Add("Sec-Fetch-Mode", "navigate");
        request.Headers.Add("Sec-Fetch-Dest", "document");
        request.Headers.Add("Accept-Language", AcceptLanguage ?? "en");
        return request;
    }
}

/// <summary>What a browser shows, or where it was sent.</summary>
internal sealed partial class Page(Browser browser, HttpResponseMessage response, string text)
{
    public HttpResponseMessage Response => response;

    public string Text => text;

    public string Title => WebUtility.HtmlDecode(Heading().Match(text).Groups[1].Value);

    /// <summary>The hidden fields of the form for an act (of the authorization page, or the whole path), and the boxes that are checked.</summary>
    public List<KeyValuePair<string, string>> Fields(string act)
    {
        string form = Regex.Match(text, $"<form method=\"post\" action=\"{Regex.Escape(AddressOf(act))}\">(.*?)</form>", RegexOptions.Singleline).Groups[1].Value;
        Assert.That(form, Is.Not.Empty, text);
        return [.. Field().Matches(form).Select(match => KeyValuePair.Create(WebUtility.HtmlDecode(match.Groups[1].Value), WebUtility.HtmlDecode(match.Groups[2].Value)))];
    }

    public Task<Page> SubmitAsync(string act, params (string Name, string Value)[] fields)
    {
        IEnumerable<KeyValuePair<string, string>> form =
        [
            .. Fields(act).Where(field => !Array.Exists(fields, given => given.Name == field.Key)),
            .. fields.Select(field => KeyValuePair.Create(field.Name, field.Value)),
        ];
        return browser.SendAsync(HttpMethod.Post, AddressOf(act), "same-origin", form);
    }

    private static string AddressOf(string act) => act.StartsWith('/') ? act : $"/oauth/authorize/{act}";

    /// <summary>Where a link leads.</summary>
    public string LinkTo(string words)
    {
        Match link = Regex.Match(text, $"<a [^>]*href=\"([^\"]*)\"[^>]*>{Regex.Escape(words)}</a>");
        Assert.That(link.Success, Is.True, text);
        return WebUtility.HtmlDecode(link.Groups[1].Value);
    }

    public Task<Page> SignInAsync(AccountClient account, string password = PdsApplication.Password, bool remember = false) => SubmitAsync(
        "sign-in", ("identifier", account.Handle.ToString()), ("password", password), ("remember", remember ? "yes" : ""));

    /// <summary>The parameters that went back to the client.</summary>
    public IReadOnlyDictionary<string, string> Answer(char separator = '?')
    {
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.SeeOther), text);
        string location = response.Headers.Location!.OriginalString;
        var values = HttpUtility.ParseQueryString(location[(location.IndexOf(separator, StringComparison.Ordinal) + 1)..]);
        return values.AllKeys.ToDictionary(name => name!, name => values[name]!);
    }

    [GeneratedRegex("<h1>(.*?)</h1>")]
    private static partial Regex Heading();

    [GeneratedRegex("<input type=\"(?:hidden|checkbox)\" name=\"([^\"]*)\" value=\"([^\"]*)\"(?: checked)?(?: /)?>")]
    private static partial Regex Field();
}
