namespace Pds.Domain.Identifiers;
public readonly record struct AtUri : IParsable<AtUri>
{
    public AtUri(Did did, Nsid collection, RecordKey key) => throw new NotImplementedException();
    public AtIdentifier Authority => throw new NotImplementedException();
    public Nsid? Collection => throw new NotImplementedException();
    public RecordKey? Key => throw new NotImplementedException();
    /// strict form of spec 01 §6.6
    public static bool TryParse(string? text, out AtUri uri) => throw new NotImplementedException();
    public static AtUri Parse(string text) => TryParse(text, out AtUri uri) ? uri : throw new FormatException("Not an AT-URI.");
    public override string ToString() => throw new NotImplementedException();
    static AtUri IParsable<AtUri>.Parse(string s, IFormatProvider? provider) => Parse(s);
    static bool IParsable<AtUri>.TryParse(string? s, IFormatProvider? provider, out AtUri result) => TryParse(s, out result);
}
