namespace Pds.Application.Pipeline;

/// <summary>Kinds of credentials that open a method. What the caller may do with it is for <see cref="Permission"/> to say.</summary>
[Flags]
public enum CallerKinds
{
    /// <summary>No credentials at all.</summary>
    None = 0,

    /// <summary>The session token or OAuth token of an account.</summary>
    Account = 1,

    /// <summary>The admin password.</summary>
    Operator = 2,

    /// <summary>A service token of the moderation service, whose bearer is the operator for this one call.</summary>
    Moderator = 4,

    /// <summary>A service token that an account signed for this very method.</summary>
    Service = 8,

    /// <summary>Whatever the permission of the message admits: for methods that declare nothing.</summary>
    AsPermitted = Account | Operator | Service,
}

/// <summary>The method that credentials are shown to.</summary>
/// <param name="Nsid">Its NSID, which service tokens must name.</param>
/// <param name="Opens">The kinds of credentials that open it.</param>
/// <param name="Changes">Whether it changes something, so that a service token serves once only.</param>
public sealed record CalledMethod(string Nsid, CallerKinds Opens, bool Changes);
