namespace Pds.Api.Pages.Account;

/// <summary>Says in few words what browser a <c>User-Agent</c> is; good enough for people to know their own again.</summary>
internal static class BrowserName
{
    /// <summary>First match counts: most browsers also claim to be those further down.</summary>
    private static readonly (string Token, string Name)[] Programs =
    [
        ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"), ("Vivaldi/", "Vivaldi"), ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"),
        ("CriOS/", "Chrome"), ("Chromium/", "Chromium"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
    ];

    private static readonly (string Token, string Name)[] Systems =
    [
        ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS X", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux"),
    ];

    /// <summary>Program and system, such as <c>Firefox (Linux)</c>; <see langword="null"/> when neither is known.</summary>
    public static string? Of(string? userAgent)
    {
        string? program = Find(Programs, userAgent ?? "");
        string? system = Find(Systems, userAgent ?? "");
        return (program, system) switch
        {
            (null, null) => null,
            (null, _) => system,
            (_, null) => program,
            _ => $"{program} ({system})",
        };
    }

    private static string? Find((string Token, string Name)[] known, string userAgent) =>
        Array.Find(known, one => userAgent.Contains(one.Token, StringComparison.Ordinal)).Name;
}
