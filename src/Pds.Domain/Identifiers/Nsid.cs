namespace Pds.Domain.Identifiers;
public readonly record struct Nsid : IParsable<Nsid>, IComparable<Nsid>
{
    private readonly string? _value;
    private Nsid(string value) => _value = value;
    public static bool TryParse(string? text, out Nsid nsid) => throw new NotImplementedException();
    public static Nsid Parse(string text) => TryParse(text, out Nsid nsid) ? nsid : throw new FormatException("Not an NSID.");
    public int CompareTo(Nsid other) => throw new NotImplementedException();
    public override string ToString() => _value ?? throw new InvalidOperationException("The default Nsid has no text.");
    static Nsid IParsable<Nsid>.Parse(string s, IFormatProvider? provider) => Parse(s);
    static bool IParsable<Nsid>.TryParse(string? s, IFormatProvider? provider, out Nsid result) => TryParse(s, out result);
}
