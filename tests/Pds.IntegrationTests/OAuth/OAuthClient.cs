using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Pds.IntegrationTests.OAuth;

/// <summary>A client of the authorization server, by hand: every request can be spoiled.</summary>
internal class OAuthClient(PdsApplication pds) : IDisposable
{
    public const string Loopback = "http://localhost?redirect_uri=http%3A%2F%2F127.0.0.1%2Fback&scope=";
    public const string Redirect = "http://127.0.0.1:4567/back";

    private readonly HttpClient _http = pds.CreateClient();

    public string ClientId { get; init; } = Loopback + Uri.EscapeDataString("atproto transition:generic");

    public string RedirectUri { get; init; } = Redirect;

    public string Scope { get; init; } = "atproto transition:generic";

    public DpopKey Key { get; set; } = new();

    public string? Nonce { get; set; }

    public string Verifier { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    public string Challenge => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier)));

    /// <summary>A push with nothing wrong in it.</summary>
    public Dictionary<string, string> PushForm() => new(StringComparer.Ordinal)
    {
        ["client_id"] = ClientId,
        ["response_type"] = "code",
        ["redirect_uri"] = RedirectUri,
        ["scope"] = Scope,
        ["state"] = "state-of-the-test",
        ["code_challenge"] = Challenge,
        ["code_challenge_method"] = "S256",
    };

    public Dictionary<string, string> CodeForm(string code) => new(StringComparer.Ordinal)
    {
        ["grant_type"] = "authorization_code",
        ["code"] = code,
        ["redirect_uri"] = RedirectUri,
        ["code_verifier"] = Verifier,
        ["client_id"] = ClientId,
    };

    public Dictionary<string, string> RefreshForm(string token) => new(StringComparer.Ordinal) { ["grant_type"] = "refresh_token", ["refresh_token"] = token, ["client_id"] = ClientId };

    /// <summary>Posts a form; asks again with the nonce when the server wants one.</summary>
    public async Task<HttpResponseMessage> PostAsync(string path, IDictionary<string, string> form, Action<JsonObject>? change = null)
    {
        HttpResponseMessage first = await PostOnceAsync(path, form, Key.Prove("POST", Address(path), Nonce, change: change));
        return (await ErrorOfAsync(first)) == "use_dpop_nonce" ? await PostOnceAsync(path, form, Key.Prove("POST", Address(path), Nonce, change: change)) : first;
    }

    public async Task<HttpResponseMessage> PostOnceAsync(string path, IDictionary<string, string> form, string? proof)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(Complete(form)) };
        if (proof is not null)
        {
            request.Headers.Add("DPoP", proof);
        }

        return Learn(await _http.SendAsync(request));
    }

    /// <summary>Pushes a request and gives its name.</summary>
    public async Task<string> PushAsync(Action<Dictionary<string, string>>? change = null)
    {
        Dictionary<string, string> form = PushForm();
        change?.Invoke(form);
        HttpResponseMessage response = await PostAsync("/oauth/par", form);
        string text = await response.Content.ReadAsStringAsync();
        Assert.That((int)response.StatusCode, Is.EqualTo(201), text);
        return JsonNode.Parse(text)!["request_uri"]!.GetValue<string>();
    }

    public string AuthorizeAddress(string requestUri) => $"/oauth/authorize?client_id={Uri.EscapeDataString(ClientId)}&request_uri={Uri.EscapeDataString(requestUri)}";

    /// <summary>The whole way to a code.</summary>
    public async Task<string> AuthorizeAsync(AccountClient account, Browser? browser = null, Action<Dictionary<string, string>>? change = null)
    {
        using Browser own = new(pds);
        Page page = await (browser ?? own).OpenAsync(AuthorizeAddress(await PushAsync(change)));
        page = page.Title == "Choose an account" ? await page.SubmitAsync("choose", ("account", account.Did.ToString())) : page;
        page = page.Title == "Sign in" ? await page.SignInAsync(account) : page;
        page = page.Title == "Allow access?" ? await page.SubmitAsync("answer", ("answer", "yes")) : page;
        return page.Answer()["code"];
    }

    /// <summary>The whole way to a code, in a browser that then remembers the account.</summary>
    public async Task<string> AuthorizeRememberedAsync(AccountClient account, Browser browser)
    {
        Page consent = await (await browser.OpenAsync(AuthorizeAddress(await PushAsync()))).SignInAsync(account, remember: true);
        return (await consent.SubmitAsync("answer", ("answer", "yes"))).Answer()["code"];
    }

    /// <summary>The whole way to tokens.</summary>
    public async Task<JsonNode> SignInAsync(AccountClient account, Browser? browser = null) =>
        await (await PostAsync("/oauth/token", CodeForm(await AuthorizeAsync(account, browser)))).ShouldBeJsonAsync();

    /// <summary>Calls a method with an access token; asks again with the nonce when the server wants one.</summary>
    public async Task<HttpResponseMessage> CallAsync(HttpMethod verb, string method, string token, JsonNode? input = null, string query = "", Action<JsonObject>? change = null)
    {
        HttpResponseMessage first = await CallOnceAsync(verb, method, token, Key.Prove(verb.Method, Address($"/xrpc/{method}"), Nonce, token, change), input, query);
        return (await ErrorOfAsync(first)) == "use_dpop_nonce"
            ? await CallOnceAsync(verb, method, token, Key.Prove(verb.Method, Address($"/xrpc/{method}"), Nonce, token, change), input, query)
            : first;
    }

    public async Task<HttpResponseMessage> CallOnceAsync(HttpMethod verb, string method, string token, string? proof, JsonNode? input = null, string query = "")
    {
        using HttpRequestMessage request = new(verb, $"/xrpc/{method}{query}");
        request.Headers.Authorization = new AuthenticationHeaderValue("DPoP", token);
        if (proof is not null)
        {
            request.Headers.Add("DPoP", proof);
        }

        if (input is not null)
        {
            request.Content = new StringContent(input.ToJsonString(), Encoding.UTF8, "application/json");
        }

        return Learn(await _http.SendAsync(request));
    }

    public string Address(string path) => pds.Origin.GetLeftPart(UriPartial.Authority) + path;

    public void Dispose()
    {
        _http.Dispose();
        Key.Dispose();
    }

    /// <summary>Adds what authenticates the client.</summary>
    protected virtual IEnumerable<KeyValuePair<string, string>> Complete(IDictionary<string, string> form) => form;

    private static async Task<string?> ErrorOfAsync(HttpResponseMessage response) =>
        response.IsSuccessStatusCode ? null : JsonNode.Parse(await response.Content.ReadAsStringAsync())?["error"]?.GetValue<string>();

    private HttpResponseMessage Learn(HttpResponseMessage response)
    {
        Nonce = response.Headers.TryGetValues("DPoP-Nonce", out IEnumerable<string>? nonces) ? nonces.Single() : Nonce;
        return response;
    }
}

/// <summary>A client that proves who it is with a key.</summary>
internal sealed class ConfidentialClient(PdsApplication pds, DpopKey key, string keyId) : OAuthClient(pds)
{
    private readonly string _issuer = pds.Origin.GetLeftPart(UriPartial.Authority);

    /// <summary>Spoils the claims of assertions.</summary>
    public Action<JsonObject>? Change { get; set; }

    protected override IEnumerable<KeyValuePair<string, string>> Complete(IDictionary<string, string> form)
    {
        JsonObject claims = new()
        {
            ["iss"] = ClientId,
            ["sub"] = ClientId,
            ["aud"] = _issuer,
            ["iat"] = DateTimeOffset.UtcNow.ToUnixTimeSeconds(),
            ["jti"] = Guid.NewGuid().ToString(),
        };
        Change?.Invoke(claims);
        return
        [
            .. form,
            new("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
            new("client_assertion", key.Sign(new JsonObject { ["alg"] = "ES256", ["kid"] = keyId }, claims)),
        ];
    }
}
