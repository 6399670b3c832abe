using MediatR;
using Pds.Application.Repositories;
using Pds.Domain.Errors;

namespace EmbeddedPds;

/// <summary>Refuses records with certain words, whichever way they are written: createRecord, putRecord and applyWrites alike.</summary>
internal sealed class RejectBlockedWords<TRequest, TOutput>(BlockedWords words) : IPipelineBehavior<TRequest, TOutput>
    where TRequest : IRecordWriteCommand
{
    public Task<TOutput> Handle(TRequest request, RequestHandlerDelegate<TOutput> next, CancellationToken cancellationToken)
    {
        if (request.Proposed.Any(write => write.Record is { } record && words.AnyIn(record.ToJson())))
        {
            throw new XrpcException(SampleErrors.WordRefused, "This server does not take records with such words.");
        }

        return next(cancellationToken);
    }
}

/// <summary>The words, compared without regard to case.</summary>
internal sealed class BlockedWords(params string[] words)
{
    public bool AnyIn(string text) => Array.Exists(words, word => text.Contains(word, StringComparison.OrdinalIgnoreCase));
}

/// <summary>Error names of this application.</summary>
internal static class SampleErrors
{
    public static readonly XrpcError WordRefused = new("WordRefused", XrpcErrorKind.Forbidden);
}
