namespace Pds.Application.Settings;

internal static class FirehoseSettingsValidator
{
    private const int MinSubscriberBytes = 16 * 1024 * 1024;

    public static IEnumerable<string> FindFaults(FirehoseSettings settings)
    {
        if (settings.Crawlers.Any(crawler => !WebAddress.IsOne(crawler)))
        {
            yield return "Firehose.Crawlers (PDS_CRAWLERS) must be http or https URLs, such as `https://bsky.network`.";
        }

        if (settings.BackfillWindow < TimeSpan.Zero)
        {
            yield return "Firehose.BackfillWindow (PDS_REPO_BACKFILL_LIMIT_MS) must not be negative.";
        }

        if (settings.MaxSubscriptionBuffer < 1)
        {
            yield return "Firehose.MaxSubscriptionBuffer (PDS_MAX_SUBSCRIPTION_BUFFER) must be 1 event or more.";
        }

        if (settings.MaxSubscribersPerAddress < 1)
        {
            yield return "Firehose.MaxSubscribersPerAddress (PDS_MAX_SUBSCRIBERS_PER_ADDRESS) must be 1 or more.";
        }

        if (settings.MaxSubscribers < 1)
        {
            yield return "Firehose.MaxSubscribers (PDS_MAX_SUBSCRIBERS) must be 1 or more.";
        }

        if (settings.MaxSubscriberBytes < MinSubscriberBytes)
        {
            yield return $"Firehose.MaxSubscriberBytes (PDS_MAX_SUBSCRIBER_BYTES) must be {MinSubscriberBytes} or more.";
        }
    }
}
