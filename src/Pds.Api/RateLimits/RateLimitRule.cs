using System.Net;
using System.Net.Sockets;
using Pds.Application.Pipeline;

namespace Pds.Api.RateLimits;

/// <summary>So many points in so much time, counted for each key from its first request on.</summary>
/// <param name="Name">Name of the bucket. Rules of several methods with one name share it.</param>
/// <param name="Points">Points in a window.</param>
/// <param name="Window">Length of a window.</param>
internal sealed record RateLimitRule(string Name, int Points, TimeSpan Window)
{
    /// <summary>Whom a request is counted for; <see langword="null"/> for nobody.</summary>
    public required Func<RateLimitSubject, string?> Key { get; init; }
}

/// <summary>A request, as far as it was understood.</summary>
/// <param name="Context">The request.</param>
/// <param name="Arguments">What its parameters, credentials and body were read as.</param>
internal sealed record RateLimitSubject(HttpContext Context, IEnumerable<object?> Arguments)
{
    private static readonly IPAddress Unknown = IPAddress.None;

    /// <summary>Address of the client. An IPv6 client is its network: it has as many addresses as it likes.</summary>
    public string Address
    {
        get
        {
            IPAddress address = Context.Connection.RemoteIpAddress ?? Unknown;
            if (address.IsIPv4MappedToIPv6)
            {
                return address.MapToIPv4().ToString();
            }

            return address.AddressFamily == AddressFamily.InterNetworkV6
                ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8))
                : address.ToString();
        }
    }

    /// <summary>Points of the request: one, unless the input says otherwise.</summary>
    public int Cost => Find<IRateLimitedInput>()?.Points ?? 1;

    /// <summary>The first argument of a type.</summary>
    public T? Find<T>()
        where T : class => Arguments.OfType<T>().FirstOrDefault();
}
