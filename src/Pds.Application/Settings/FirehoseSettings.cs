namespace Pds.Application.Settings;

/// <summary>The event streams, and the relays that are told of them.</summary>
public sealed class FirehoseSettings
{
    /// <summary>Relays that are asked to crawl this server. Default: none.</summary>
    [Variable("PDS_CRAWLERS")]
    public IList<Uri> Crawlers { get; } = [];

    /// <summary>How far back the firehose can be replayed. Default 72 hours.</summary>
    [Variable("PDS_REPO_BACKFILL_LIMIT_MS", OfficialDefault = "86400000 (24 hours)")]
    public TimeSpan BackfillWindow { get; set; } = TimeSpan.FromHours(72);

    /// <summary>How many events a subscriber may lag behind before it is cut off, 1 or more. Default 500.</summary>
    [Variable("PDS_MAX_SUBSCRIPTION_BUFFER")]
    public int MaxSubscriptionBuffer { get; set; } = 500;

    /// <summary>How many event streams one address may have open at a time, 1 or more. Addresses of IPv6 count by network (/64), loopback does not count. Default 64.</summary>
    [Variable("PDS_MAX_SUBSCRIBERS_PER_ADDRESS", IsOwn = true)]
    public int MaxSubscribersPerAddress { get; set; } = 64;

    /// <summary>How many event streams may be open at a time, whoever asks, 1 or more. Those beyond are answered 503. Default 2000.</summary>
    [Variable("PDS_MAX_SUBSCRIBERS", IsOwn = true)]
    public int MaxSubscribers { get; set; } = 2000;

    /// <summary>
    /// How many bytes of events may be on their way to all subscribers together, 16 MiB or more. Where that is not enough, the subscriber that has not read for the
    /// longest time is cut off. What subscribers of Jetstream ask for in messages may take a quarter of it. Default 64 MiB.
    /// </summary>
    [Variable("PDS_MAX_SUBSCRIBER_BYTES", IsOwn = true)]
    public long MaxSubscriberBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>Whether events are also served as JSON at <c>/subscribe</c>, as Jetstream does. Default <see langword="true"/>.</summary>
    [Variable("PDS_JETSTREAM_ENABLED", IsOwn = true)]
    public bool JetstreamEnabled { get; set; } = true;
}
