using Pds.Domain.Identifiers;
namespace Pds.Domain.Repositories;
/// collection/rkey
public readonly record struct RecordPath(Nsid Collection, RecordKey Key) : IComparable<RecordPath>
{
    public static bool TryParse(string? text, out RecordPath path) => throw new NotImplementedException();
    public int CompareTo(RecordPath other) => string.CompareOrdinal(ToString(), other.ToString());
    public override string ToString() => $"{Collection}/{Key}";
}
