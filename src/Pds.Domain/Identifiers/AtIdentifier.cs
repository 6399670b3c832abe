namespace Pds.Domain.Identifiers;
public readonly record struct AtIdentifier : IParsable<AtIdentifier>
{
    public AtIdentifier(Did did) => throw new NotImplementedException();
    public AtIdentifier(Handle handle) => throw new NotImplementedException();
    public bool TryGetDid(out Did did) => throw new NotImplementedException();
    public bool TryGetHandle(out Handle handle) => throw new NotImplementedException();
    public static bool TryParse(string? text, out AtIdentifier identifier) => throw new NotImplementedException();
    public static AtIdentifier Parse(string text) => TryParse(text, out AtIdentifier identifier) ? identifier : throw new FormatException("Not a DID or handle.");
    public override string ToString() => throw new NotImplementedException();
    static AtIdentifier IParsable<AtIdentifier>.Parse(string s, IFormatProvider? provider) => Parse(s);
    static bool IParsable<AtIdentifier>.TryParse(string? s, IFormatProvider? provider, out AtIdentifier result) => TryParse(s, out result);
}
