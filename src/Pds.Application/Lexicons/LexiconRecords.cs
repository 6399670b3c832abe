using Pds.Application.Repositories;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;
using Pds.Domain.Lexicons;

namespace Pds.Application.Lexicons;

/// <summary>Judges records by the lexicons of the catalogue, and where it is asked to, by those that others published.</summary>
internal sealed class LexiconRecords(LexiconCatalogue catalogue, ILexiconResolver resolver) : IRecordValidator
{
    /// <summary>How many lexicons one record type may draw in from elsewhere; a longer chain is as good as unknown.</summary>
    private const int MaxResolved = 16;

    private static readonly RecordVerdict Unknown = new(RecordValidity.Unknown);
    private static readonly RecordVerdict Valid = new(RecordValidity.Valid);

    /// <inheritdoc/>
    public ValueTask<RecordVerdict> ValidateAsync(
        Nsid collection,
        RecordKey key,
        DataMap record,
        bool resolve,
        CancellationToken cancellationToken)
    {
        LexiconSchema? known = catalogue.Find(collection.ToString());
        if (known is RecordSchema schema)
        {
            return ValueTask.FromResult(Judge(schema, key, record, catalogue));
        }

        return known is null && resolve
            ? new ValueTask<RecordVerdict>(ResolveAsync(collection, key, record, cancellationToken))
            : ValueTask.FromResult(Unknown);
    }

    private static RecordVerdict Judge(RecordSchema schema, RecordKey key, DataMap record, ILexiconSource lexicons)
    {
        if (RecordCheck.CheckKey(schema, key) is { } wrongKey)
        {
            return new RecordVerdict(RecordValidity.Invalid, $"Invalid record key for {schema.Collection}: {wrongKey}");
        }

        return RecordCheck.Check(schema, record, lexicons) is { } fault
            ? new RecordVerdict(RecordValidity.Invalid, $"Invalid {schema.Collection} record: {fault}")
            : Valid;
    }

    private async Task<RecordVerdict> ResolveAsync(Nsid collection, RecordKey key, DataMap record, CancellationToken cancellationToken)
    {
        List<LexiconDocument> resolved = [];
        HashSet<Nsid> wanted = [collection];
        while (true)
        {
            foreach (Nsid nsid in wanted)
            {
                LexiconLookup lookup = await resolver.ResolveAsync(nsid, cancellationToken);
                if (lookup.Lexicon is not { } lexicon || resolved.Count == MaxResolved)
                {
                    return Unknown;
                }

                resolved.Add(lexicon.Document);
            }

            var lexicons = new LexiconOverlay(catalogue, new LexiconSet(resolved));
            if (lexicons.Find(collection.ToString()) is not RecordSchema schema)
            {
                return Unknown;
            }

            IReadOnlyList<LexiconGap> gaps = LexiconReferences.FindGaps(schema, lexicons);
            if (gaps.Count == 0)
            {
                return Judge(schema, key, record, lexicons);
            }

            wanted = [.. gaps.Select(gap => Nsid.Parse(gap.Name.Split('#')[0]))];
            if (!gaps.All(gap => gap.IsMissing) || resolved.Exists(document => wanted.Contains(document.Id)))
            {
                return Unknown;
            }
        }
    }
}
