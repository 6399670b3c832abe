using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;
using Pds.Domain.Lexicons;

namespace DomainAlone;

/// <summary>Records: data of the protocol, and what a lexicon asks of it.</summary>
/// <param name="lexicons">The lexicon documents, as JSON; those that they refer to among them.</param>
public sealed class Records(IEnumerable<ReadOnlyMemory<byte>> lexicons)
{
    private readonly LexiconSet _lexicons = new(lexicons.Select(LexiconDocument.Parse));

    /// <summary>Checks a record before it is written.</summary>
    /// <returns>What is wrong, or <see langword="null"/>.</returns>
    public string? Check(ReadOnlySpan<byte> utf8Json, RecordKey key)
    {
        DataMap record;
        try
        {
            record = DataMap.FromJson(utf8Json);        // no floats, no duplicates, links and bytes as they must be
        }
        catch (DataModelException e)
        {
            return e.Message;
        }

        if (record.Type is not { } type || _lexicons.Find(type) is not RecordSchema schema)
        {
            return "There is no lexicon for this type of record.";
        }

        LexiconFault? fault = RecordCheck.CheckKey(schema, key) ?? RecordCheck.Check(schema, record, _lexicons);
        return fault?.ToString();
    }

    /// <summary>The link to a record as it is stored: its CID.</summary>
    public static Cid LinkTo(ReadOnlySpan<byte> utf8Json) => DataMap.FromJson(utf8Json).Cid;
}
