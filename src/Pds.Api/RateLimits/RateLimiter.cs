using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Net.Http.Headers;
using Pds.Application.Settings;
using Pds.Domain.Errors;

namespace Pds.Api.RateLimits;

/// <summary>Counts requests, says in the answer how many are left, and refuses those beyond (spec 04 §9). Off unless the settings say otherwise.</summary>
internal sealed class RateLimiter(RateLimitSettings options, TimeProvider time)
{
    private const string BypassHeader = "x-ratelimit-bypass";
    private const string Exposed = "RateLimit-Limit, RateLimit-Reset, RateLimit-Remaining, RateLimit-Policy";

    private readonly ConcurrentDictionary<string, RateLimitBucket> _buckets = new(StringComparer.Ordinal);
    private readonly IPNetwork[] _bypassed = [.. options.BypassIps.Select(AddressRange.Parse)];
    private readonly byte[]? _bypassKey = string.IsNullOrEmpty(options.BypassKey) ? null : Encoding.UTF8.GetBytes(options.BypassKey);

    /// <summary>Whether anything is counted.</summary>
    public bool IsEnabled => options.Enabled;

    /// <summary>Counts a request before anything else is looked at.</summary>
    /// <param name="context">The request.</param>
    /// <exception cref="XrpcException">RateLimitExceeded.</exception>
    public void CountRequest(HttpContext context)
    {
        if (IsEnabled)
        {
            Count(new RateLimitSubject(context, []), [RateLimitRules.Global]);
        }
    }

    /// <summary>Counts a call whose parameters, credentials and input are good.</summary>
    /// <param name="context">The request.</param>
    /// <param name="rules">The rules of its method or page.</param>
    /// <param name="arguments">What parameters, credentials and body were read as.</param>
    /// <exception cref="XrpcException">RateLimitExceeded.</exception>
    public void CountCall(HttpContext context, IReadOnlyList<RateLimitRule> rules, IEnumerable<object?> arguments)
    {
        if (IsEnabled && rules.Count > 0)
        {
            Count(new RateLimitSubject(context, arguments), rules);
        }
    }

    /// <summary>Counts what does the same as a method, in its buckets: pages are no way round the limits.</summary>
    /// <typeparam name="TMessage">The message of the method.</typeparam>
    /// <param name="context">The request.</param>
    /// <param name="arguments">Who asks, or who wants to sign in.</param>
    /// <exception cref="XrpcException">RateLimitExceeded.</exception>
    public void CountCall<TMessage>(HttpContext context, params object[] arguments) => CountCall(context, RateLimitRules<TMessage>.All, arguments);

    private void Count(RateLimitSubject subject, IReadOnlyList<RateLimitRule> rules)
    {
        if (IsBypassed(subject.Context))
        {
            return;
        }

        bool isExceeded = false;
        foreach (RateLimitRule rule in rules)
        {
            if (rule.Key(subject) is { } key)
            {
                RateLimitBucket bucket = _buckets.GetOrAdd(rule.Name, static (_, made) => new RateLimitBucket(made.Rule, made.Time), (Rule: rule, Time: time));
                RateLimitState state = bucket.Consume(key, subject.Cost);
                isExceeded |= state.IsExceeded;
                Tell(subject.Context.Response.Headers, state);
            }
        }

        if (isExceeded)
        {
            throw new XrpcException(RequestErrors.RateLimitExceeded, "Rate Limit Exceeded");
        }
    }

    private bool IsBypassed(HttpContext context)
    {
        if (_bypassKey is not null && context.Request.Headers[BypassHeader] is [{ } given]
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), _bypassKey))
        {
            return true;
        }

        if (_bypassed.Length == 0 || context.Connection.RemoteIpAddress is not { } address)
        {
            return false;
        }

        IPAddress plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return Array.Exists(_bypassed, network => network.Contains(plain));
    }

    /// <summary>Tells of the tightest bucket: that with the fewest points left, and of those that with the longest wait.</summary>
    private static void Tell(IHeaderDictionary headers, RateLimitState state)
    {
        bool isTold = long.TryParse(headers["RateLimit-Remaining"], CultureInfo.InvariantCulture, out long told);
        bool isLonger = isTold && told == state.Remaining
            && long.TryParse(headers["RateLimit-Reset"], CultureInfo.InvariantCulture, out long reset) && reset < state.ResetsAt.ToUnixTimeSeconds();
        if (isTold && told <= state.Remaining && !isLonger)
        {
            return;
        }

        if (!isTold)
        {
            headers.Append(HeaderNames.AccessControlExposeHeaders, Exposed);
        }

        headers["RateLimit-Limit"] = Text(state.Rule.Points);
        headers["RateLimit-Remaining"] = Text(state.Remaining);
        headers["RateLimit-Reset"] = Text(state.ResetsAt.ToUnixTimeSeconds());
        headers["RateLimit-Policy"] = $"{Text(state.Rule.Points)};w={Text((long)state.Rule.Window.TotalSeconds)}";
        if (state.IsExceeded)
        {
            if (headers.RetryAfter.Count == 0)
            {
                headers.Append(HeaderNames.AccessControlExposeHeaders, HeaderNames.RetryAfter);
            }

            headers.RetryAfter = Text((long)Math.Ceiling(state.Left.TotalSeconds));
        }
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
