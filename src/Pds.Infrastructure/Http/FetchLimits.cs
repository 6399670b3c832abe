using System.Net;

namespace Pds.Infrastructure.Http;

/// <summary>What an outgoing request may cost.</summary>
/// <param name="MaxBytes">Longest body in bytes, as it comes off the wire; one byte more fails the request.</param>
/// <param name="Timeout">From the name lookup to the last byte, redirects included.</param>
internal readonly record struct FetchLimits(int MaxBytes, TimeSpan Timeout);

/// <summary>An answer, read to its end.</summary>
/// <param name="Status">Any status, errors included.</param>
/// <param name="MediaType">Content type without parameters, or <see langword="null"/>.</param>
/// <param name="Body">The whole body.</param>
internal sealed record FetchResponse(HttpStatusCode Status, string? MediaType, byte[] Body)
{
    /// <summary>Whether the status is 2xx.</summary>
    public bool IsSuccess => (int)Status is >= 200 and <= 299;

    /// <summary>Whether there is nothing under that address (any more): 404 or 410.</summary>
    public bool IsMissing => Status is HttpStatusCode.NotFound or HttpStatusCode.Gone;
}
