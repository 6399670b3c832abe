namespace Pds.Domain.OAuth;

/// <summary>A scope token taken apart: <c>resource[:positional][?query]</c>, decoded.</summary>
internal sealed class ScopeSyntax
{
    private readonly List<(string Name, string Value)> _parameters;
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private bool _positionalTaken;

    private ScopeSyntax(string resource, string? positional, List<(string Name, string Value)> parameters)
    {
        Resource = resource;
        Positional = positional;
        _parameters = parameters;
    }

    public string Resource { get; }

    public string? Positional { get; }

    /// <summary>Whether every parameter was asked for: one that is not known might narrow the token, so the token is invalid.</summary>
    public bool IsComplete => _parameters.TrueForAll(parameter => _known.Contains(parameter.Name)) && (Positional is null || _positionalTaken);

    public static ScopeSyntax? TryRead(string text)
    {
        int question = text.IndexOf('?', StringComparison.Ordinal);
        string head = question < 0 ? text : text[..question];
        int colon = head.IndexOf(':', StringComparison.Ordinal);
        string resource = colon < 0 ? head : head[..colon];
        string? positional = null;
        if (colon >= 0 && (positional = TryDecode(head[(colon + 1)..], isForm: false)) is null)
        {
            return null;
        }

        List<(string Name, string Value)> parameters = [];
        foreach (string pair in question < 0 ? [] : text[(question + 1)..].Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (TryDecode(equals < 0 ? pair : pair[..equals], isForm: true) is not { } name
                || TryDecode(equals < 0 ? "" : pair[(equals + 1)..], isForm: true) is not { } value)
            {
                return null;
            }

            parameters.Add((name, value));
        }

        return new ScopeSyntax(resource, positional, parameters);
    }

    /// <summary>The values of a parameter that may be repeated; <see langword="null"/> when it is given in two ways.</summary>
    public IReadOnlyList<string>? Many(string name, bool positional = false)
    {
        _known.Add(name);
        List<string> values = [.. _parameters.Where(parameter => parameter.Name == name).Select(parameter => parameter.Value)];
        if (!positional || Positional is null)
        {
            return values;
        }

        _positionalTaken = true;
        return values.Count == 0 ? [Positional] : null;
    }

    /// <summary>The one value of a parameter. <paramref name="value"/> is <see langword="null"/> when it is absent; <see langword="false"/> when it is repeated.</summary>
    public bool TrySingle(string name, out string? value, bool positional = false)
    {
        IReadOnlyList<string>? values = Many(name, positional);
        value = values is [string only] ? only : null;
        return values is { Count: <= 1 };
    }

    private static string? TryDecode(string text, bool isForm)
    {
        for (int percent = text.IndexOf('%', StringComparison.Ordinal); percent >= 0; percent = text.IndexOf('%', percent + 1))
        {
            if (percent + 2 >= text.Length || !char.IsAsciiHexDigit(text[percent + 1]) || !char.IsAsciiHexDigit(text[percent + 2]))
            {
                return null;
            }
        }

        return Uri.UnescapeDataString(isForm ? text.Replace('+', ' ') : text);
    }
}
