namespace Pds.Application.Settings;

/// <summary>How much may be under way at a time, and how slow a body may be.</summary>
public sealed class CapacitySettings
{
    /// <summary>How many requests may be under way at a time, 1 or more; event streams and health checks do not count. Those beyond are answered 503 at once. Default 4096.</summary>
    [Variable("PDS_MAX_CONCURRENT_REQUESTS", IsOwn = true)]
    public int MaxConcurrentRequests { get; set; } = 4096;

    /// <summary>How many writes of records may be under way at a time, 1 or more; one counts once for each 16 KiB that it begins. Those beyond wait (<see cref="MaxWaitingWrites"/>). Default 512.</summary>
    [Variable("PDS_MAX_CONCURRENT_WRITES", IsOwn = true)]
    public int MaxConcurrentWrites { get; set; } = 512;

    /// <summary>How many writes of records may wait, for two seconds at most, until others are done, 0 or more; each counts as above. Those beyond are answered 503 at once. Default 2048.</summary>
    [Variable("PDS_MAX_WAITING_WRITES", IsOwn = true)]
    public int MaxWaitingWrites { get; set; } = 2048;

    /// <summary>How many blobs and repositories may be on their way in at a time, 1 or more. Those beyond are answered 503. Default 64.</summary>
    [Variable("PDS_MAX_CONCURRENT_UPLOADS", IsOwn = true)]
    public int MaxConcurrentUploads { get; set; } = 64;

    /// <summary>How many repositories, or choices of their blocks, may be on their way out at a time, 1 or more; each holds a view of the database until its reader has it. Those beyond are answered 503. Default 32.</summary>
    [Variable("PDS_MAX_CONCURRENT_EXPORTS", IsOwn = true)]
    public int MaxConcurrentExports { get; set; } = 32;

    /// <summary>How many requests may wait for other services at a time, 1 or more; kept below <see cref="MaxConcurrentRequests"/>, a service that hangs keeps nobody else waiting. Those beyond are answered 503. Default 512.</summary>
    [Variable("PDS_MAX_CONCURRENT_FORWARDS", IsOwn = true)]
    public int MaxConcurrentForwards { get; set; } = 512;

    /// <summary>How many passwords may wait to be hashed, 0 or more; as many as there are processors are at a time, with 16 MiB each. Sign-ins beyond are answered 503. Default 64.</summary>
    [Variable("PDS_MAX_WAITING_PASSWORDS", IsOwn = true)]
    public int MaxWaitingPasswords { get; set; } = 64;

    /// <summary>How many requests that may wait for the documents of OAuth clients (<c>/oauth/par</c>, <c>/oauth/token</c>, <c>/oauth/revoke</c>, the pages of <c>/oauth/authorize</c>) may be under way at a time, 1 or more. Those beyond are answered 503. Default 256.</summary>
    [Variable("PDS_MAX_CONCURRENT_CLIENT_CALLS", IsOwn = true)]
    public int MaxConcurrentClientCalls { get; set; } = 256;

    /// <summary>How many requests to one host of OAuth clients may be under way at a time, 1 or more. Those beyond are answered 503. Default 4.</summary>
    [Variable("PDS_MAX_CONCURRENT_FETCHES_PER_CLIENT_HOST", IsOwn = true)]
    public int MaxConcurrentFetchesPerClientHost { get; set; } = 4;

    /// <summary>How many percent of the places of each bound above, and of its queue, one account may have and one address, 1 to 100, at least one place. Addresses of IPv6 count by network (/64); loopback and private addresses have no share. Default 25.</summary>
    [Variable("PDS_MAX_SHARE_PERCENT", IsOwn = true)]
    public int MaxSharePercent { get; set; } = 25;

    /// <summary>Bytes a second that senders of blobs and repositories, forwarded bodies and answers of other services must reach, measured over 15 seconds of waiting; 0 for no least pace. <c>pds serve</c> demands it of all bodies in both directions. Default 1024.</summary>
    [Variable("PDS_MIN_BODY_RATE", IsOwn = true)]
    public int MinBodyRate { get; set; } = 1024;

    /// <summary>How long an upload, an export or a forwarded request may take in whole, 1 minute or more. Default 1 hour.</summary>
    [Variable("PDS_MAX_BODY_TIME_MS", IsOwn = true)]
    public TimeSpan MaxBodyTime { get; set; } = TimeSpan.FromHours(1);
}
