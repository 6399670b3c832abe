using System.Globalization;
using MediatR;
using Pds.Application.Sync;
using Pds.Domain.Errors;

namespace Pds.Api.Sync;

/// <summary>Turns the request into a subscription of the JSON stream.</summary>
/// <remarks>
/// Parameters are those of Jetstream: <c>wantedCollections</c> and <c>wantedDids</c> (repeated), <c>maxMessageSizeBytes</c>, <c>cursor</c>,
/// <c>requireHello</c>. <c>compress</c> is refused: the platform has no zstd, and a subscriber that asks for it could not read anything else.
/// </remarks>
/// <param name="mediator">Finds out where the subscription starts.</param>
internal sealed class JetstreamResult(IMediator mediator) : SubscriptionResult
{
    private const string True = "true";

    private JetstreamFilter _filter = null!;
    private long? _cursor;

    protected override void Prepare(HttpRequest request)
    {
        IQueryCollection query = request.Query;
        if (query["compress"] == True || request.Headers["Socket-Encoding"].ToString().Contains("zstd", StringComparison.OrdinalIgnoreCase))
        {
            throw new XrpcException(RequestErrors.InvalidRequest, "compress: zstd is not served here; subscribe without it");
        }

        _cursor = ParseCursor(query["cursor"].ToString());
        _filter = JetstreamFilter.Create(
            query["wantedCollections"],
            query["wantedDids"],
            long.TryParse(query["maxMessageSizeBytes"], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long limit) ? limit : 0);
    }

    protected override async Task ServeAsync(SubscriberLine line, HttpContext http, CancellationToken stopping)
    {
        await using var subscriber = new JetstreamSocket(
            line, http.RequestServices.GetRequiredService<JetstreamFeed>(), _filter, waitsForHello: http.Request.Query["requireHello"] == True);
        await subscriber.ServeAsync(cancellationToken => mediator.Send(new SubscribeJetstreamQuery(_cursor) { Head = Head }, cancellationToken), stopping);
    }

    private static long? ParseCursor(string text)
    {
        if (text.Length == 0)
        {
            return null;
        }

        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long cursor)
            ? cursor
            : throw new XrpcException(RequestErrors.InvalidRequest, "cursor must be a time in microseconds");
    }
}
