using System.Text.Json;
using System.Web;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.Proxying;

namespace Pds.Application.Proxying;

/// <summary>Calls for a feed: the AppView passes the token on to the feed's generator, so it is the generator that the token is for.</summary>
internal sealed class FeedCalls(IServiceClient client, SignedCalls calls)
{
    /// <summary>What clients call.</summary>
    public static readonly Nsid GetFeed = Nsid.Parse("app.bsky.feed.getFeed");

    /// <summary>What the AppView calls.</summary>
    public static readonly Nsid GetFeedSkeleton = Nsid.Parse("app.bsky.feed.getFeedSkeleton");

    private const int MaxRecordBytes = 1024 * 1024;
    private static readonly Nsid GetRecord = Nsid.Parse("com.atproto.repo.getRecord");

    /// <summary>Sends a call for a feed.</summary>
    /// <exception cref="XrpcException">InvalidRequest, UnknownFeed, UpstreamFailure.</exception>
    public async Task<ServiceAnswer> SendAsync(ServiceCall call, Did issuer, Uri appView, string query, CancellationToken cancellationToken)
    {
        if (!AtUri.TryParse(HttpUtility.ParseQueryString(query)["feed"], out AtUri feed) || feed.Collection is not { } collection || feed.Key is not { } key)
        {
            throw new XrpcException(RequestErrors.InvalidRequest, $"Invalid {GetFeed} params: feed must be an AT-URI of a record");
        }

        string parameters = $"?repo={Uri.EscapeDataString(feed.Authority.ToString())}&collection={collection}&rkey={Uri.EscapeDataString(key.ToString())}";
        var lookup = new ServiceCall(HttpMethod.Get, SignedCalls.AddressOf(appView, GetRecord, parameters)) { Headers = [new("accept-encoding", "identity")] };
        await using ServiceAnswer record = await client.SendAsync(lookup, cancellationToken);
        Did generator = record.Status == 200 && await AnswerBody.ReadDecodedAsync(record, MaxRecordBytes, cancellationToken) is { } body
            ? ReadGenerator(body)
            : throw Unknown();
        return await calls.SendAsync(call, issuer, generator.ToString(), GetFeedSkeleton, cancellationToken);
    }

    private static Did ReadGenerator(byte[] body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.TryGetProperty("value", out JsonElement value) && value.TryGetProperty("did", out JsonElement did) && Did.TryParse(did.GetString(), out Did generator)
                ? generator
                : throw Unknown();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw Unknown();    // InvalidOperationException: not the shape that was expected
        }
    }

    private static XrpcException Unknown() => new(ProxyErrors.UnknownFeed, "could not resolve feed did");
}
