using System.Globalization;

namespace Pds.Server.Hosting;

/// <summary>Reads texts as what a setting wants, and notes what does not fit instead of failing.</summary>
internal sealed class SettingReader(IReadOnlyDictionary<string, string> values)
{
    private readonly List<string> _faults = [];

    public IReadOnlyList<string> Faults => _faults;

    public void Fault(string fault)
    {
        if (!_faults.Contains(fault, StringComparer.Ordinal))
        {
            _faults.Add(fault);
        }
    }

    public string? Text(string name)
    {
        if (values.GetValueOrDefault(name) is not { } text)
        {
            return null;
        }

        if (text.Length < 2 || text[0] != text[^1] || text[0] is not ('"' or '\'') || IsSecret(name))
        {
            return text;
        }

        Fault($"{name} is written in quotation marks, which `docker run --env-file` and the like keep as part of the value: remove them.");
        return text[1..^1] is { Length: > 0 } bare ? bare : null;
    }

    /// <summary>Comma-separated.</summary>
    public IReadOnlyList<string> List(string name) => Text(name)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

    public bool? Boolean(string name) => Text(name) switch
    {
        null => null,
        "true" or "1" => true,
        "false" or "0" => false,
        _ => Refuse<bool?>(name, "must be true or false"),
    };

    public long? Integer(string name) =>
        Text(name) is not { } text ? null
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number <= int.MaxValue * 1024L ? number
        : Refuse<long?>(name, "must be a whole number, written in digits");

    public TimeSpan? Milliseconds(string name) => Integer(name) is { } number ? TimeSpan.FromMilliseconds(number) : null;

    public Uri? Address(string name) => Text(name) is { } text ? ParseAddress(name, text) : null;

    public IReadOnlyList<Uri> Addresses(string name) => [.. List(name).Select(text => ParseAddress(name, text)).OfType<Uri>()];

    /// <summary>A URL with what belongs to it. Where the URL cannot be read, neither is given: that is one fault, not two.</summary>
    public (Uri? Url, string? Partner) Pair(string url, string partner) => Pair(Text(url), Address(url), partner);

    /// <summary>The URL of a mail server with the sender.</summary>
    /// <remarks>Passwords are full of what a URL cannot have as it is: a host that was cut off at the first <c>/</c> or <c>#</c>, or more than one <c>@</c>, tells of one.</remarks>
    public (Uri? Url, string? Partner) MailPair(string url, string partner)
    {
        if (Text(url) is not { } text || !IsCutShort(text))
        {
            return Pair(url, partner);
        }

        Fault($"{url} has a user or a password with characters that a URL cannot have as they are: percent-encode them (`@` is `%40`, `/` is `%2F`, `#` is `%23`, `?` is `%3F`, `%` is `%25`).");
        return (null, null);
    }

    private static bool IsCutShort(string text)
    {
        int at = text.IndexOf("://", StringComparison.Ordinal);
        string rest = at < 0 ? "" : text[(at + 3)..];
        string authority = rest.Split('/', '?', '#')[0];
        return authority.Count(letter => letter == '@') > 1 || (rest.Length > authority.Length && rest[authority.Length..].Contains('@', StringComparison.Ordinal));
    }

    private static bool IsSecret(string name) =>
        name.EndsWith("_SECRET", StringComparison.Ordinal) || name.EndsWith("_PASSWORD", StringComparison.Ordinal) || name.EndsWith("_KEY", StringComparison.Ordinal);

    private (Uri? Url, string? Partner) Pair(string? text, Uri? url, string partner) => text is not null && url is null ? (null, null) : (url, Text(partner));

    private Uri? ParseAddress(string name, string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? address) ? address : Refuse<Uri?>(name, "must be a URL, such as `https://example.com`");

    private T? Refuse<T>(string name, string rule)
    {
        Fault($"{name} {rule}.");
        return default;
    }
}
