using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;

namespace Pds.Application.Repositories;

/// <summary>Judges records by the lexicon of their collection.</summary>
public interface IRecordValidator
{
    /// <summary>Checks one record, and its key against the key type that the lexicon demands.</summary>
    /// <param name="collection">Names the lexicon.</param>
    /// <param name="key">The record key.</param>
    /// <param name="record">The record, its <c>$type</c> in place.</param>
    /// <param name="resolve">Whether a lexicon that is not here may be looked up elsewhere.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<RecordVerdict> ValidateAsync(Nsid collection, RecordKey key, DataMap record, bool resolve, CancellationToken cancellationToken);
}

/// <summary>What <see cref="IRecordValidator"/> found.</summary>
/// <param name="Validity">The outcome.</param>
/// <param name="Message">What is wrong, in our own words and fit for clients; <see langword="null"/> unless <see cref="RecordValidity.Invalid"/>.</param>
public readonly record struct RecordVerdict(RecordValidity Validity, string? Message = null);

/// <summary>Outcomes of a lexicon check.</summary>
public enum RecordValidity
{
    /// <summary>The lexicon is not known, so nothing was checked.</summary>
    Unknown,

    /// <summary>The record obeys its lexicon.</summary>
    Valid,

    /// <summary>The record or its key breaks the lexicon.</summary>
    Invalid,
}
