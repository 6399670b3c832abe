using MediatR;
using Pds.Application.Pipeline;
using Pds.Domain.DataModel;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.Lexicons;

namespace Pds.Application.Lexicons;

/// <summary>Finds the lexicon that the authority of an NSID publishes. Lexicon: <c>com.atproto.lexicon.resolveLexicon</c>.</summary>
/// <param name="Nsid">The NSID.</param>
[XrpcMethod("com.atproto.lexicon.resolveLexicon")]
public sealed record ResolveLexiconQuery(Nsid Nsid) : IQuery<ResolveLexiconOutput>, IAnonymousRequest;

/// <summary>Answer to <see cref="ResolveLexiconQuery"/>.</summary>
/// <param name="Uri">Where the record is that holds it.</param>
/// <param name="Cid">CID of the record.</param>
/// <param name="Schema">The record.</param>
public sealed record ResolveLexiconOutput(AtUri Uri, Cid Cid, DataMap Schema);

internal sealed class ResolveLexiconHandler(ILexiconResolver resolver) : IRequestHandler<ResolveLexiconQuery, ResolveLexiconOutput>
{
    public async Task<ResolveLexiconOutput> Handle(ResolveLexiconQuery query, CancellationToken cancellationToken)
    {
        LexiconLookup lookup = await resolver.ResolveAsync(query.Nsid, cancellationToken);
        return lookup.Lexicon is { } found
            ? new ResolveLexiconOutput(found.Uri, found.Cid, found.Record)
            : throw new XrpcException(LexiconErrors.LexiconNotFound, lookup.Failure ?? $"No lexicon was found for {query.Nsid}");
    }
}
