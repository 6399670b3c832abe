namespace Pds.Application.Settings;

internal static class CapacitySettingsValidator
{
    public static IEnumerable<string> FindFaults(CapacitySettings settings)
    {
        foreach ((string option, int value, int least) in new (string, int, int)[]
        {
            ("Capacity.MaxConcurrentRequests (PDS_MAX_CONCURRENT_REQUESTS)", settings.MaxConcurrentRequests, 1),
            ("Capacity.MaxConcurrentWrites (PDS_MAX_CONCURRENT_WRITES)", settings.MaxConcurrentWrites, 1),
            ("Capacity.MaxWaitingWrites (PDS_MAX_WAITING_WRITES)", settings.MaxWaitingWrites, 0),
            ("Capacity.MaxConcurrentUploads (PDS_MAX_CONCURRENT_UPLOADS)", settings.MaxConcurrentUploads, 1),
            ("Capacity.MaxConcurrentExports (PDS_MAX_CONCURRENT_EXPORTS)", settings.MaxConcurrentExports, 1),
            ("Capacity.MaxConcurrentForwards (PDS_MAX_CONCURRENT_FORWARDS)", settings.MaxConcurrentForwards, 1),
            ("Capacity.MaxWaitingPasswords (PDS_MAX_WAITING_PASSWORDS)", settings.MaxWaitingPasswords, 0),
            ("Capacity.MaxConcurrentClientCalls (PDS_MAX_CONCURRENT_CLIENT_CALLS)", settings.MaxConcurrentClientCalls, 1),
            ("Capacity.MaxConcurrentFetchesPerClientHost (PDS_MAX_CONCURRENT_FETCHES_PER_CLIENT_HOST)", settings.MaxConcurrentFetchesPerClientHost, 1),
            ("Capacity.MinBodyRate (PDS_MIN_BODY_RATE)", settings.MinBodyRate, 0),
        })
        {
            if (value < least)
            {
                yield return $"{option} must be {least} or more.";
            }
        }

        if (settings.MaxSharePercent is < 1 or > 100)
        {
            yield return "Capacity.MaxSharePercent (PDS_MAX_SHARE_PERCENT) must be 1 to 100.";
        }

        if (settings.MaxBodyTime < TimeSpan.FromMinutes(1))
        {
            yield return "Capacity.MaxBodyTime (PDS_MAX_BODY_TIME_MS) must be 1 minute or more.";
        }
    }
}
