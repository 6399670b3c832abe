namespace Pds.Application.Settings;

/// <summary>How identities are made, looked up and cached.</summary>
public sealed class IdentitySettings
{
    /// <summary>The did:plc directory. Default: one inside the process, known to nobody else; for <c>pds</c> outside development mode, <c>https://plc.directory</c>.</summary>
    [Variable("PDS_DID_PLC_URL", OfficialDefault = "`https://plc.directory`, in development mode too")]
    public Uri? PlcUrl { get; set; }

    /// <summary>A <c>did:key</c> that new identities list before the server's, so that somebody else can recover them. Default: none.</summary>
    [Variable("PDS_RECOVERY_DID_KEY")]
    public string? RecoveryDidKey { get; set; }

    /// <summary>Name servers, <c>address</c> or <c>address:port</c>, asked for a handle when the system's find nothing. Default: none.</summary>
    [Variable("PDS_HANDLE_BACKUP_NAMESERVERS")]
    public IList<string> BackupNameservers { get; } = [];

    /// <summary>Age at which a cached DID document is fetched anew in the background. Default 1 hour.</summary>
    [Variable("PDS_DID_CACHE_STALE_TTL", Pair = nameof(CacheExpiresAfter))]
    public TimeSpan CacheStaleAfter { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Age at which a cached DID document is not used any more; not less than <see cref="CacheStaleAfter"/>. Default 24 hours.</summary>
    [Variable("PDS_DID_CACHE_MAX_TTL", Pair = nameof(CacheStaleAfter))]
    public TimeSpan CacheExpiresAfter { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How long one lookup of a DID or handle may take. Default 3 seconds.</summary>
    [Variable("PDS_ID_RESOLVER_TIMEOUT")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(3);
}
