namespace Pds.Api.Pages.Account;

/// <summary>The parts of the account area, in the order in which they are shown. A new part gets its line here.</summary>
internal static class AccountNavigation
{
    public const string Home = "/account";
    public const string SignIn = "/account/sign-in";
    public const string ExternalSignIn = "/account/sign-in/external";
    public const string SignOut = "/account/sign-out";
    public const string Choose = "/account/choose";
    public const string Sessions = "/account/sessions";
    public const string Apps = "/account/apps";
    public const string AppPasswords = "/account/app-passwords";
    public const string Email = "/account/email";
    public const string Password = "/account/password";
    public const string Security = "/account/security";
    public const string Handle = "/account/handle";
    public const string Export = "/account/export";
    public const string Status = "/account/status";

    private static readonly PageLink[] Parts =
    [
        new PageLink("Overview", Home),
        new PageLink("Devices and sessions", Sessions),
        new PageLink("Connected apps", Apps),
        new PageLink("App passwords", AppPasswords),
        new PageLink("E-mail", Email),
        new PageLink("Password", Password),
        new PageLink("Security", Security),
        new PageLink("Handle", Handle),
        new PageLink("Your data", Export),
        new PageLink("Deactivate or delete", Status),
    ];

    /// <summary>The parts, seen from one of them.</summary>
    public static IReadOnlyList<PageLink> From(string address) => [.. Parts.Select(part => part with { IsCurrent = part.Address == address })];

    /// <summary>A page to go on with after signing in: one of this area, whatever the address says.</summary>
    public static string Next(string? address) =>
        address is not null && (address == Home || address.StartsWith(Home + "/", StringComparison.Ordinal)) && address.All(IsPlain) ? address : Home;

    private static bool IsPlain(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '/' or '-';
}
