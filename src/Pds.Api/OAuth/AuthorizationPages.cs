using Pds.Application.OAuth;

namespace Pds.Api.OAuth;

/// <summary>The pages of an authorization request. They work without scripts: every act is a form.</summary>
internal sealed class AuthorizationPages(PageLayout layout, FormTokens tokens)
{
    public Task WriteAsync(HttpContext context, AuthorizationStep.Page page, string deviceId) => page switch
    {
        AuthorizationStep.SignIn signIn => layout.WriteAsync(context, signIn.Fault is null ? 200 : 400, "Sign in", SignIn(signIn, deviceId)),
        AuthorizationStep.Choose choose => layout.WriteAsync(context, 200, "Choose an account", Choose(choose, deviceId)),
        AuthorizationStep.Consent consent => layout.WriteAsync(context, 200, "Allow access?", Consent(consent, deviceId)),
        _ => throw new ArgumentOutOfRangeException(nameof(page)),
    };

    /// <summary>Says that something cannot be done.</summary>
    public Task WriteErrorAsync(HttpContext context, int status, string message) =>
        layout.WriteAsync(context, status, "This did not work", Html.Of($"""<p class="bad" role="alert">{message}</p>"""));

    /// <summary>The address of the page of a request.</summary>
    public static string AddressOf(AuthorizationContext request) =>
        $"/oauth/authorize?client_id={Uri.EscapeDataString(request.Client.ClientId)}&request_uri={Uri.EscapeDataString($"urn:ietf:params:oauth:request_uri:{request.RequestId}")}";

    private Html SignIn(AuthorizationStep.SignIn page, string deviceId) => Html.Of($"""
        <p>{Client(page.Context)} asks you to sign in with your account on this server.</p>
        {Fault(page)}
        <form method="post" action="/oauth/authorize/sign-in">{Hidden(page.Context, deviceId)}
        <label for="identifier">Handle or e-mail address</label>
        {Identifier(page)}
        <label for="password">Password</label>
        <input id="password" name="password" type="password" autocomplete="current-password" maxlength="512" required>
        {(page.NeedsCode ? CodeField() : Html.Empty)}
        <label class="check"><input type="checkbox" name="remember" value="yes"> Remember this account on this device</label>
        <button class="main">Sign in</button></form>
        {Refusal(page.Context, deviceId, "Cancel")}
        """);

    private static Html CodeField() => Html.Of($"""
        <label for="code">Code from the e-mail we have sent you</label>
        <input id="code" name="code" autocomplete="one-time-code" autocapitalize="characters" maxlength="32">
        """);

    private static Html Fault(AuthorizationStep.SignIn page) => page.Fault is { } fault ? Html.Of($"""<p class="bad" role="alert">{fault}</p>""") : Html.Empty;

    private static Html Identifier(AuthorizationStep.SignIn page) => page.Identifier is { } known
        ? Html.Of($"""<input id="identifier" name="identifier" value="{known}" autocomplete="username" readonly>""")
        : Html.Of($"""<input id="identifier" name="identifier" autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="512" required autofocus>""");

    private Html Choose(AuthorizationStep.Choose page, string deviceId) => Html.Of($"""
        <p>{Client(page.Context)} asks you to sign in. Which account shall it be?</p>
        {Html.Join(page.Accounts.Select(account => Account(page.Context, account, deviceId)))}
        <a class="button" href="{AddressOf(page.Context)}&view=sign-in">Another account</a>
        {Refusal(page.Context, deviceId, "Cancel")}
        """);

    private Html Account(AuthorizationContext request, AccountChoice account, string deviceId) => Html.Of($"""
        <form method="post" action="/oauth/authorize/choose">{Hidden(request, deviceId)}<button name="account" value="{account.Did.ToString()}">{account.Name}{(account.NeedsPassword ? " (password needed)" : "")}</button></form>
        """);

    private Html Consent(AuthorizationStep.Consent page, string deviceId)
    {
        IReadOnlyList<ScopeLine> lines = ScopeWords.Describe(page.Scopes, page.Sets, ["en"]);
        return Html.Of($"""
            <p>{Client(page.Context)} wants to use your account <strong>{page.Account.Name}</strong>. {Identity(page.Context)}</p>
            <form method="post" action="/oauth/authorize/answer">{Hidden(page.Context, deviceId)}{PageLayout.Hidden("account", page.Account.Did.ToString())}
            <p>It will be able to:</p>
            <ul>{Html.Join(lines.Where(line => !line.IsOptional).Select(Line))}</ul>
            {Html.Join(lines.Where(line => line.IsOptional).Select(Option))}
            {(lines.Any(line => line.IsBroad) ? Warning() : Html.Empty)}
            <details><summary>The same in technical terms</summary><ul>{Html.Join(lines.Select(line => Html.Of($"<li><code>{line.Token}</code></li>")))}</ul><p>Client: <code>{page.Context.Client.ClientId}</code></p></details>
            <button class="main" name="answer" value="yes">Allow</button>
            <button name="answer" value="no">Deny</button></form>
            <form method="post" action="/oauth/authorize/choose">{Hidden(page.Context, deviceId)}<button>Use another account</button></form>
            """);
    }

    private static Html Line(ScopeLine line) => Html.Of($"<li>{line.Words}{(line.IsBroad ? Html.Of($""" <span class="warn">(far-reaching)</span>""") : Html.Empty)}{Set(line)}</li>");

    private static Html Set(ScopeLine line) => line.Holds.Count == 0 ? Html.Empty : Html.Of($"""
        <p class="soft">{line.Detail}</p><details><summary>What that holds</summary><ul>{Html.Join(line.Holds.Select(Line))}</ul></details>
        """);

    private static Html Option(ScopeLine line) => Html.Of($"""
        {PageLayout.Hidden("optional", line.Token)}<label class="check"><input type="checkbox" name="granted" value="{line.Token}" checked> {line.Words}</label>
        """);

    private static Html Warning() => Html.Of($"""<p class="warn">Allow this only if you trust whoever runs the application. You can take it back at any time.</p>""");

    /// <summary>Anybody can call himself anything, so a name is shown only where the operator vouches for it.</summary>
    private static Html Client(AuthorizationContext request) => request is { IsTrusted: true, Client.Name: { } name }
        ? Html.Of($"<strong>{name}</strong> (<code>{request.Client.Host}</code>)")
        : Html.Of($"<strong><code>{request.Client.Host}</code></strong>");

    private static Html Identity(AuthorizationContext request) => request.Client.IsLoopback
        ? Html.Of($"""<span class="warn">It runs on this device and is still being developed: nobody has vouched for it.</span>""")
        : Html.Empty;

    private Html Refusal(AuthorizationContext request, string deviceId, string word) => Html.Of($"""
        <form method="post" action="/oauth/authorize/answer">{Hidden(request, deviceId)}<button name="answer" value="no">{word}</button></form>
        """);

    private Html Hidden(AuthorizationContext request, string deviceId) =>
        Html.Join([PageLayout.Hidden("request", request.RequestId), PageLayout.Hidden("csrf", tokens.Issue(deviceId, request.RequestId))]);
}
