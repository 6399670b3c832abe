namespace Pds.Domain.Accounts;

/// <summary>Why an account is not active.</summary>
/// <remarks>Source: lexicon <c>com.atproto.sync.subscribeRepos#account</c>, field <c>status</c>.</remarks>
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

/// <summary>How a status is spelled on the wire.</summary>
public static class AccountStatusNames
{
    /// <summary>The value of the field <c>status</c>.</summary>
    public static string ToName(this AccountStatus status) => status switch
    {
        AccountStatus.Takendown => "takendown",
        AccountStatus.Suspended => "suspended",
        AccountStatus.Deleted => "deleted",
        AccountStatus.Deactivated => "deactivated",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "Not an account status."),
    };
}
