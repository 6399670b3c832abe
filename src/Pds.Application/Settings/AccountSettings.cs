namespace Pds.Application.Settings;

/// <summary>Who may have an account, and what happens before it is used.</summary>
public sealed class AccountSettings
{
    /// <summary>Whether sign-up needs an invite code. Default <see langword="true"/>.</summary>
    [Variable("PDS_INVITE_REQUIRED")]
    public bool InviteRequired { get; set; } = true;

    /// <summary>How often an account gets an invite code to give away, when codes are required. Default: never, so that the operator makes all codes.</summary>
    [Variable("PDS_INVITE_INTERVAL")]
    public TimeSpan? InviteInterval { get; set; }

    /// <summary>Older accounts get no codes for the time before. Default: 1970.</summary>
    [Variable("PDS_INVITE_EPOCH")]
    public DateTimeOffset InviteEpoch { get; set; } = DateTimeOffset.UnixEpoch;

    /// <summary>Whether session answers carry the DID document. Default <see langword="false"/>: with it the official client follows the document, during a migration to the old server.</summary>
    [Variable("PDS_ENABLE_DID_DOC_WITH_SESSION")]
    public bool DidDocWithSession { get; set; }

    /// <summary>How long a key of <c>reserveSigningKey</c> waits for its account, 1 hour or more. Default 7 days.</summary>
    [Variable("PDS_RESERVED_KEY_LIFETIME_MS", IsOwn = true)]
    public TimeSpan ReservedKeyLifetime { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How many keys of <c>reserveSigningKey</c> may wait for their accounts, 1 or more; the oldest make room, those without a DID first. Default 1000.</summary>
    [Variable("PDS_MAX_RESERVED_KEYS", IsOwn = true)]
    public int MaxReservedKeys { get; set; } = 1000;

    /// <summary>After what time an account that was moved in and never activated may be deleted. Default 3 days.</summary>
    public TimeSpan MoveInPeriod { get; set; } = TimeSpan.FromDays(3);
}
