namespace Pds.Domain.OAuth;

/// <summary>Where users are sent back to. Texts are compared as they were written.</summary>
public static class RedirectUri
{
    /// <summary>Why a client may not register a redirect URI; <see langword="null"/> when it may.</summary>
    /// <param name="text">The URI.</param>
    /// <param name="client">The client's own address; <see langword="null"/> for loopback clients.</param>
    /// <param name="isNative">Whether the client is an installed application.</param>
    public static string? FaultOf(string text, Uri? client, bool isNative)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) || text.Any(char.IsWhiteSpace) || text.Any(char.IsControl))
        {
            return "is not a URI";
        }

        if (uri.UserInfo.Length > 0 || text.Contains('#', StringComparison.Ordinal))
        {
            return "must not have credentials or a fragment";
        }

        if (uri.Host == "localhost")
        {
            return "must name the loopback address, not localhost";
        }

        if (uri.Scheme == Uri.UriSchemeHttp)
        {
            return HostRules.IsLoopbackAddress(uri) && isNative ? null : "may use http on a loopback address of a native client only";
        }

        if (uri.Scheme == Uri.UriSchemeHttps)
        {
            return HostRules.IsAddress(uri) || HostRules.IsLocal(uri.Host) ? "must not be on a local host"
                : isNative && client is not null && uri.GetLeftPart(UriPartial.Authority) != client.GetLeftPart(UriPartial.Authority) ? "must be on the client's own host"
                : null;
        }

        return FaultOfScheme(text, uri, client, isNative);
    }

    /// <summary>Whether a requested URI is a registered one: the same text; of loopback addresses the port is free unless the registered one names it, and no path is the path <c>/</c>.</summary>
    public static bool IsMatch(string requested, string registered)
    {
        if (string.Equals(requested, registered, StringComparison.Ordinal))
        {
            return true;
        }

        return Uri.TryCreate(registered, UriKind.Absolute, out Uri? known) && known.Scheme == Uri.UriSchemeHttp && HostRules.IsLoopbackAddress(known)
            && SplitPort(registered) is { } one && SplitPort(requested) is { } two && one.Before == two.Before && one.After == two.After
            && (one.Port == two.Port || (one.Port.Length == 0 && ushort.TryParse(two.Port, out ushort port) && port > 0));
    }

    private static string? FaultOfScheme(string text, Uri uri, Uri? client, bool isNative)
    {
        if (!isNative || client is null)
        {
            return "may use a scheme of its own for a native client only";
        }

        string reversed = string.Join('.', client.Host.Split('.').Reverse());
        return uri.Scheme == reversed && uri.Scheme.Contains('.', StringComparison.Ordinal)
            && text.StartsWith($"{reversed}:/", StringComparison.OrdinalIgnoreCase) && !text.StartsWith($"{reversed}://", StringComparison.OrdinalIgnoreCase)
                ? null
                : $"must start with {reversed}:/";
    }

    /// <summary>A text like <c>http://127.0.0.1:80/path</c> in three parts; the port is empty when there is none. No path is the path <c>/</c>.</summary>
    private static (string Before, string Port, string After)? SplitPort(string text)
    {
        const string Prefix = "http://";
        if (!text.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return null;
        }

        int end = text.AsSpan(Prefix.Length).IndexOfAny('/', '?');
        end = end < 0 ? text.Length : end + Prefix.Length;
        int colon = text.LastIndexOf(':', end - 1, end - Prefix.Length);
        bool hasPort = colon >= 0 && text.IndexOf(']', Prefix.Length) < colon;
        string after = text.AsSpan(end).StartsWith("/") ? text[end..] : $"/{text[end..]}";
        return hasPort ? (text[..colon], text[(colon + 1)..end], after) : (text[..end], "", after);
    }
}
