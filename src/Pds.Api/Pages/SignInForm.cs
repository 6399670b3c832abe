using Pds.Application.OAuth;

namespace Pds.Api.Pages;

/// <summary>Reads what <see cref="SignInPage"/> posts.</summary>
internal static class SignInForm
{
    public static BrowserSignInInput Read(IFormCollection form) => new()
    {
        Identifier = form["identifier"].ToString(),
        Password = form["password"].ToString(),
        Code = form["code"].ToString() is { Length: > 0 } code ? code : null,
        Remember = form["remember"] == "yes",
    };
}
