namespace Pds.Domain.Identifiers;
public readonly record struct Did : IParsable<Did>, IComparable<Did>
{
    private readonly string? _value;
    private Did(string value) => _value = value;
    public const int MaxLength = 2048;
    /// plc, web, …
    public string Method => throw new NotImplementedException();
    public static bool TryParse(string? text, out Did did) => throw new NotImplementedException();
    public static Did Parse(string text) => TryParse(text, out Did did) ? did : throw new FormatException("Not a DID.");
    public int CompareTo(Did other) => throw new NotImplementedException();
    public override string ToString() => _value ?? throw new InvalidOperationException("The default Did has no text.");
    static Did IParsable<Did>.Parse(string s, IFormatProvider? provider) => Parse(s);
    static bool IParsable<Did>.TryParse(string? s, IFormatProvider? provider, out Did result) => TryParse(s, out result);
}
