using System.Globalization;

namespace Pds.Api.Hosting;

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

    public string? Text(string name) => values.GetValueOrDefault(name);

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

    private Uri? ParseAddress(string name, string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? address) ? address : Refuse<Uri?>(name, "must be a URL, such as `https://example.com`");

    private T? Refuse<T>(string name, string rule)
    {
        Fault($"{name} {rule}.");
        return default;
    }
}
