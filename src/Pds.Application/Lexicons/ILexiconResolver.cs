using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;
using Pds.Domain.Lexicons;

namespace Pds.Application.Lexicons;

/// <summary>Finds lexicons that others published, through a cache.</summary>
public interface ILexiconResolver
{
    /// <summary>The lexicon as its authority publishes it. What cannot be found or is not trustworthy comes back as a failure, never as an exception.</summary>
    /// <param name="nsid">Its NSID.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<LexiconLookup> ResolveAsync(Nsid nsid, CancellationToken cancellationToken);
}

/// <summary>What looking for a published lexicon brought: one of the two.</summary>
/// <param name="Lexicon">The lexicon.</param>
/// <param name="Failure">Why there is none, in our own words and fit for clients.</param>
public sealed record LexiconLookup(PublishedLexicon? Lexicon, string? Failure)
{
    /// <summary>A lexicon was found.</summary>
    public static LexiconLookup Found(PublishedLexicon lexicon) => new(lexicon, Failure: null);

    /// <summary>None was.</summary>
    public static LexiconLookup Failed(string failure) => new(Lexicon: null, failure);
}

/// <summary>A lexicon and the record that it was published as.</summary>
/// <param name="Uri">Where the record is.</param>
/// <param name="Cid">Its CID.</param>
/// <param name="Record">The record.</param>
/// <param name="Document">The lexicon in it.</param>
public sealed record PublishedLexicon(AtUri Uri, Cid Cid, DataMap Record, LexiconDocument Document);
