namespace Pds.Api.RateLimits;

/// <summary>The gate that an action goes through besides that of all requests.</summary>
/// <param name="kind">Which.</param>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class CapacityAttribute(CapacityKind kind) : Attribute
{
    /// <summary>Which gate.</summary>
    public CapacityKind Kind => kind;
}

/// <summary>What an action takes much of.</summary>
internal enum CapacityKind
{
    /// <summary>The write queue: records.</summary>
    Writes,

    /// <summary>Time of slow senders: blobs and repositories on their way in.</summary>
    Uploads,

    /// <summary>Views of the database: repositories, and blocks of them, on their way out.</summary>
    Exports,

    /// <summary>Processors: passwords are hashed.</summary>
    Passwords,

    /// <summary>Answers of other services.</summary>
    Forwards,

    /// <summary>Answers of hosts that clients of OAuth name.</summary>
    Clients,
}
