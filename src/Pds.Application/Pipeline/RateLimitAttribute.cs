namespace Pds.Application.Pipeline;

/// <summary>So many points in so much time. On the message of a method, or on the action of a method or page without one. Several hold together.</summary>
/// <param name="points">Points in a window, at least 1.</param>
/// <param name="seconds">Length of a window in seconds; see <see cref="RateLimitWindow"/>. It begins with the first call of its key.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = true, Inherited = false)]
public sealed class RateLimitAttribute(int points, int seconds) : Attribute
{
    /// <summary>Points in a window.</summary>
    public int Points => points;

    /// <summary>Length of a window in seconds.</summary>
    public int Seconds => seconds;

    /// <summary>Whom calls are counted for. Default: the client's address.</summary>
    public RateLimitKey Per { get; set; }

    /// <summary>Name of a bucket that several methods share. Default: one of the method's own, <c>&lt;nsid&gt;-&lt;index&gt;</c>.</summary>
    public string? Bucket { get; set; }

    /// <summary>The bucket of all requests does not count the method; this limit, named as the method, takes its place.</summary>
    public bool ReplacesGlobal { get; set; }
}

/// <summary>Whom calls are counted for.</summary>
public enum RateLimitKey
{
    /// <summary>The client's address; of IPv6 its network of 64 bits.</summary>
    Address,

    /// <summary>The account that calls. Callers without an account are not counted.</summary>
    Account,

    /// <summary>The identifier that somebody signs in with, together with the address.</summary>
    SignIn,
}

/// <summary>Usual lengths of rate-limit windows, in seconds.</summary>
public static class RateLimitWindow
{
    /// <summary>Five minutes in seconds.</summary>
    public const int FiveMinutes = 300;

    /// <summary>An hour in seconds.</summary>
    public const int Hour = 3600;

    /// <summary>A day in seconds.</summary>
    public const int Day = 86_400;
}

/// <summary>An input whose calls do not cost one point each.</summary>
public interface IRateLimitedInput
{
    /// <summary>The points of a call with this input.</summary>
    int Points { get; }
}
