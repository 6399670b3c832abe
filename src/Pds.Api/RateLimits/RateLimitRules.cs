using System.Reflection;
using System.Runtime.CompilerServices;
using Pds.Api.Xrpc;
using Pds.Application.Accounts;
using Pds.Application.Pipeline;
using Pds.Domain.Accounts;

namespace Pds.Api.RateLimits;

/// <summary>Makes rules of what methods and pages state.</summary>
internal static class RateLimitRules
{
    /// <summary>Every XRPC request but for those of methods that replace it, every page, and every request of OAuth (spec 04 §9).</summary>
    public static readonly RateLimitRule Global = new("global-ip", 3000, TimeSpan.FromMinutes(5)) { Key = KeyOf(RateLimitKey.Address) };

    private static readonly ConditionalWeakTable<XrpcMethod, RateLimitRule[]> Made = [];

    /// <summary>The rules of a method, made once.</summary>
    public static RateLimitRule[] Of(XrpcMethod method) => Made.GetValue(method, static known => Of(known.Nsid, known.Limits));

    /// <summary>The rules of a method or page.</summary>
    /// <param name="name">The NSID, or the route of a page.</param>
    /// <param name="limits">What is stated, in the order of the names of the buckets.</param>
    public static RateLimitRule[] Of(string name, IEnumerable<RateLimitAttribute> limits) => [.. limits.Select((limit, index) => Of(name, limit, index))];

    private static RateLimitRule Of(string name, RateLimitAttribute limit, int index) =>
        new(limit.Bucket ?? (limit.ReplacesGlobal ? name : $"{name}-{index}"), limit.Points, TimeSpan.FromSeconds(limit.Seconds)) { Key = KeyOf(limit.Per) };

    private static Func<RateLimitSubject, string?> KeyOf(RateLimitKey key) => key switch
    {
        RateLimitKey.Account => subject => subject.Find<Caller>()?.Account?.ToString(),
        RateLimitKey.SignIn => subject =>
            $"{(subject.Find<CreateSessionInput>() is { } input ? PastedText.Clean(input.Identifier).ToLowerInvariant() : null)}-{subject.Address}",
        _ => subject => subject.Address,
    };
}

/// <summary>The rules of a message's method, for what does the same as the method without being it.</summary>
/// <typeparam name="TMessage">The message.</typeparam>
internal static class RateLimitRules<TMessage>
{
    public static readonly RateLimitRule[] All =
        RateLimitRules.Of(XrpcMethodAttribute.NsidOf<TMessage>(), typeof(TMessage).GetCustomAttributes<RateLimitAttribute>());
}
