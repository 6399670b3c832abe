using System.Globalization;

namespace Pds.Server.Hosting;

/// <summary>Reads texts as what a setting wants, and notes what does not fit instead of failing.</summary>
internal sealed class SettingReader(IReadOnlyDictionary<string, string> values)
{
    private const string MailUrl = "_SMTP_URL";

    private readonly List<string> _faults = [];
    private readonly HashSet<string> _unread = new(StringComparer.Ordinal);

    public IReadOnlyList<string> Faults => _faults;

    public void Fault(string fault)
    {
        if (!_faults.Contains(fault, StringComparer.Ordinal))
        {
            _faults.Add(fault);
        }
    }

    /// <summary>Whether a variable has a value that could not be read as what its setting wants.</summary>
    public bool IsUnread(string name) => _unread.Contains(name);

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

    /// <summary>A number that is bounded by what an <see cref="int"/> holds.</summary>
    public int? Count(string name) => Integer(name) is { } number ? (int)Math.Min(number, int.MaxValue) : null;

    public TimeSpan? Milliseconds(string name) => Integer(name) is { } number ? TimeSpan.FromMilliseconds(number) : null;

    public Uri? Address(string name) => Text(name) is { } text ? ParseAddress(name, text) : null;

    public IReadOnlyList<Uri> Addresses(string name) => [.. List(name).Select(text => ParseAddress(name, text)).OfType<Uri>()];

    private static bool IsCutShort(string text)
    {
        int at = text.IndexOf("://", StringComparison.Ordinal);
        string rest = at < 0 ? "" : text[(at + 3)..];
        string authority = rest.Split('/', '?', '#')[0];
        return authority.Count(letter => letter == '@') > 1 || (rest.Length > authority.Length && rest[authority.Length..].Contains('@', StringComparison.Ordinal));
    }

    private static bool IsSecret(string name) =>
        name.EndsWith("_SECRET", StringComparison.Ordinal) || name.EndsWith("_PASSWORD", StringComparison.Ordinal) || name.EndsWith("_KEY", StringComparison.Ordinal);

    /// <remarks>
    /// Passwords are full of what a URL cannot have as it is: in the URL of a mail server, a host that was cut off at the first <c>/</c> or <c>#</c>, or more than
    /// one <c>@</c>, tells of one.
    /// </remarks>
    private Uri? ParseAddress(string name, string text) =>
        name.EndsWith(MailUrl, StringComparison.Ordinal) && IsCutShort(text) ? Refuse<Uri?>(
            name, "has a user or a password with characters that a URL cannot have as they are: percent-encode them (`@` is `%40`, `/` is `%2F`, `#` is `%23`, `?` is `%3F`, `%` is `%25`)") :
        Uri.TryCreate(text, UriKind.Absolute, out Uri? address) ? address : Refuse<Uri?>(name, "must be a URL, such as `https://example.com`");

    private T? Refuse<T>(string name, string rule)
    {
        Fault($"{name} {rule}.");
        _unread.Add(name);
        return default;
    }
}
