using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;

namespace Pds.Application.Repositories;

/// <summary>Knows no lexicon, so every record is of an unknown type.</summary>
internal sealed class UncheckedRecords : IRecordValidator
{
    public ValueTask<RecordVerdict> ValidateAsync(
        Nsid collection,
        RecordKey key,
        DataMap record,
        bool resolve,
        CancellationToken cancellationToken) => ValueTask.FromResult(new RecordVerdict(RecordValidity.Unknown));
}
