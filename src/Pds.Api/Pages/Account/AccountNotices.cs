namespace Pds.Api.Pages.Account;

/// <summary>What a page says after a form went well. The word is in the address, so that reloading the page sends nothing again.</summary>
internal static class AccountNotices
{
    private static readonly Dictionary<string, string> Texts = new(StringComparer.Ordinal)
    {
        ["ended"] = "Signed out there.",
        ["others-ended"] = "Signed out everywhere else.",
        ["disconnected"] = "The application has no access any more.",
        ["revoked"] = "The app password does not work any more.",
        ["code-sent"] = "We have sent you a code by e-mail. It is good for 15 minutes.",
        ["confirmed"] = "Your e-mail address is confirmed.",
        ["email-changed"] = "Your e-mail address is changed. Confirm the new one.",
        ["factor-on"] = "From now on, signing in needs a code from your mailbox.",
        ["factor-off"] = "From now on, your password is enough to sign in.",
        ["app-off"] = "From now on, signing in needs no code of the app.",
        ["passkey-added"] = "The passkey is ready to sign you in.",
        ["passkey-renamed"] = "The passkey has another name.",
        ["passkey-removed"] = "The passkey does not work any more.",
        ["distrusted"] = "From now on, a code is asked for there again.",
        ["password-changed"] = "Your password is changed.",
        ["handle-changed"] = "Your handle is changed.",
        ["deactivated"] = "Your account is deactivated. Nobody sees it until you activate it again.",
        ["activated"] = "Your account is active.",
    };

    /// <summary>The address of a page that says so.</summary>
    public static string Address(string page, string word) => $"{page}?done={word}";

    /// <summary>What to say; <see langword="null"/> for words that there are not.</summary>
    public static string? Of(HttpRequest request) => Texts.GetValueOrDefault(request.Query["done"].ToString());
}
