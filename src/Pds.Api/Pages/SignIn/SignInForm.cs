using Pds.Application.Factors;
using Pds.Application.OAuth;
using Pds.Domain.Accounts;

namespace Pds.Api.Pages;

/// <summary>Reads what <see cref="SignInPage"/> posts.</summary>
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

    private static string? Find(IFormCollection form, string name) => form[name].ToString() is { Length: > 0 } text ? text : null;
}
