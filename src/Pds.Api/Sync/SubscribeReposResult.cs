using System.Globalization;
using MediatR;
using Microsoft.Extensions.Primitives;
using Pds.Application.Sync;
using Pds.Domain.Errors;

namespace Pds.Api.Sync;

/// <summary>Turns the request into a subscription of the firehose.</summary>
/// <param name="mediator">Finds out where the subscription starts.</param>
internal sealed class SubscribeReposResult(IMediator mediator) : SubscriptionResult
{
    /// <summary>The range of integers of the data model.</summary>
    private const long MaxInteger = 9_007_199_254_740_991;

    protected override async Task ServeAsync(SubscriberLine line, HttpContext http, CancellationToken stopping)
    {
        using IDisposable counted = http.RequestServices.GetRequiredService<ICrawlNotifier>().CountSubscriber();
        await using var subscriber = new SubscribeReposSocket(line);
        await subscriber.ServeAsync(
            cancellationToken => mediator.Send(new SubscribeReposQuery(ParseCursor(http.Request.Query["cursor"])) { Head = Head }, cancellationToken),
            stopping);
    }

    /// <summary>As for every query, but a mistake is told by an error frame: no value is an absent one, and a repeated one is a mistake.</summary>
    private static long? ParseCursor(StringValues values)
    {
        if (StringValues.IsNullOrEmpty(values))
        {
            return null;
        }

        return values.Count == 1
            && long.TryParse(values[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long cursor)
            && values[0]![0] != '+'
            && cursor is >= -MaxInteger and <= MaxInteger
            ? cursor
            : throw new XrpcException(RequestErrors.InvalidRequest, "cursor must be an integer");
    }
}
