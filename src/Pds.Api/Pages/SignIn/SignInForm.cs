using Pds.Application.Factors;
using Pds.Application.OAuth;
using Pds.Domain.Accounts;

namespace Pds.Api.Pages.SignIn;

/// <summary>Reads what <see cref="SignInPage"/> posts, and says where else that page leads.</summary>
internal static class SignInForm
{
    public static BrowserSignInInput Read(IFormCollection form) => new()
    {
        Identifier = PastedText.Clean(form["identifier"].ToString()),
        Password = form["password"].ToString(),
        Remember = form["remember"] == "yes",
        Pending = Find(form, "pending"),
        Code = form["code"].ToString(),
        Trust = form["trust"] == "yes",
        Passkey = Find(form, "credential") is { } credential ? new PasskeyAnswer(form["passkey"].ToString(), credential) : null,
    };

    /// <summary>Where else the page to sign in leads.</summary>
    /// <param name="pages">Which pages there are.</param>
    /// <param name="external">How the host signs people in.</param>
    /// <param name="signUp">The page to make an account; <see langword="null"/> where that makes no sense.</param>
    public static IReadOnlyList<PageLink> OtherWays(PdsPagesOptions pages, ExternalSignInOptions external, string? signUp)
    {
        List<PageLink> links = [];
        if (pages.SignUp && signUp is not null)
        {
            links.Add(new PageLink("Create an account", signUp));
        }

        if (pages.AccountArea && external.OffersPasswords)
        {
            links.Add(new PageLink("Forgot your password?", "/account/reset-password"));
        }

        return links;
    }

    private static string? Find(IFormCollection form, string name) => form[name].ToString() is { Length: > 0 } text ? text : null;
}
