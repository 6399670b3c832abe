namespace Pds.Domain.Accounts;

/// <summary>Why an account is not active. Source: spec <c>com.atproto.sync.subscribeRepos#account</c>, field <c>status</c>.</summary>
public enum AccountStatus
{
    /// <summary>Hidden by the operator.</summary>
    Takendown,

    /// <summary>Hidden by the operator for a time.</summary>
    Suspended,

    /// <summary>Gone.</summary>
    Deleted,

    /// <summary>Hidden by its owner, or not yet activated after moving in.</summary>
    Deactivated,
}
