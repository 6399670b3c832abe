namespace Pds.Api.RateLimits;

/// <summary>The gate that an action goes through besides that of all requests. Full, it answers 503 with <c>NotEnoughResources</c>.</summary>
/// <param name="kind">What the action takes much of.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CapacityAttribute(CapacityKind kind) : Attribute
{
    /// <summary>What the action takes much of.</summary>
    public CapacityKind Kind => kind;
}

/// <summary>What an action takes much of.</summary>
public enum CapacityKind
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

    /// <summary>Next to nothing: a health check is always answered, whatever the gates and rate limits say.</summary>
    Nothing,
}
