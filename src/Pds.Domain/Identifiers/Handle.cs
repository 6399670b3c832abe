namespace Pds.Domain.Identifiers;
/// lower-cased when parsed
public readonly record struct Handle : IParsable<Handle>
{
    private readonly string? _value;
    private Handle(string value) => _value = value;
    /// handle.invalid
    public static Handle Invalid => throw new NotImplementedException();
    public static bool TryParse(string? text, out Handle handle) => throw new NotImplementedException();
    public static Handle Parse(string text) => TryParse(text, out Handle handle) ? handle : throw new FormatException("Not a handle.");
    /// .alt .arpa .example .internal .invalid .local .localhost .onion
    public bool HasDisallowedTopLevelDomain => throw new NotImplementedException();
    public override string ToString() => _value ?? throw new InvalidOperationException("The default Handle has no text.");
    static Handle IParsable<Handle>.Parse(string s, IFormatProvider? provider) => Parse(s);
    static bool IParsable<Handle>.TryParse(string? s, IFormatProvider? provider, out Handle result) => TryParse(s, out result);
}
