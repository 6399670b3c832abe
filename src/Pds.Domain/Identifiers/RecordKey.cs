namespace Pds.Domain.Identifiers;
public readonly record struct RecordKey : IParsable<RecordKey>, IComparable<RecordKey>
{
    private readonly string? _value;
    private RecordKey(string value) => _value = value;
    public static RecordKey From(Tid tid) => throw new NotImplementedException();
    public static bool TryParse(string? text, out RecordKey key) => throw new NotImplementedException();
    public static RecordKey Parse(string text) => TryParse(text, out RecordKey key) ? key : throw new FormatException("Not a record key.");
    public int CompareTo(RecordKey other) => throw new NotImplementedException();
    public override string ToString() => _value ?? throw new InvalidOperationException("The default RecordKey has no text.");
    static RecordKey IParsable<RecordKey>.Parse(string s, IFormatProvider? provider) => Parse(s);
    static bool IParsable<RecordKey>.TryParse(string? s, IFormatProvider? provider, out RecordKey result) => TryParse(s, out result);
}
