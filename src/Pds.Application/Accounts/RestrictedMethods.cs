using System.Collections.Frozen;
using System.Reflection;
using Pds.Application.Pipeline;

namespace Pds.Application.Accounts;

/// <summary>
/// Methods that not every credential opens, on this server and on others, by what <see cref="XrpcRestrictedAttribute"/> says. Names are compared without
/// regard to case, so that a change of case opens nothing.
/// </summary>
public sealed class RestrictedMethods
{
    /// <summary>Direct messages, which other services serve: all methods below are for privileged sessions, those of tomorrow included.</summary>
    private const string DirectMessages = "chat.bsky.";

    private readonly FrozenDictionary<string, MethodRestrictions> _restrictions;

    /// <summary>Makes the table from the methods of a server.</summary>
    /// <param name="methods">NSIDs with their restrictions.</param>
    public RestrictedMethods(IEnumerable<KeyValuePair<string, MethodRestrictions>> methods) =>
        _restrictions = methods.Where(method => method.Value != MethodRestrictions.None).ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a method concerns the account itself: never forwarded, never opened by a service token.</summary>
    /// <param name="method">The NSID in any case.</param>
    public bool IsProtected(string method) => Of(method).HasFlag(MethodRestrictions.Protected);

    /// <summary>Whether a method is closed to app passwords without privileges: direct messages, and moving the account.</summary>
    /// <param name="method">The NSID in any case.</param>
    public bool IsPrivileged(string method) =>
        method.StartsWith(DirectMessages, StringComparison.OrdinalIgnoreCase) || Of(method).HasFlag(MethodRestrictions.PrivilegedOnly);

    /// <summary>Whether a method is the one by which a taken-down account leaves.</summary>
    /// <param name="method">The NSID in any case; <see langword="null"/> for any method, which is not that one.</param>
    public bool IsWayOut(string? method) => method is not null && Of(method).HasFlag(MethodRestrictions.TakendownMayLeave);

    /// <summary>The table of the messages of this assembly, for a server without routes.</summary>
    internal static RestrictedMethods OfMessages() => new(
        from type in typeof(RestrictedMethods).Assembly.GetTypes()
        let restricted = type.GetCustomAttribute<XrpcRestrictedAttribute>()
        where restricted is not null
        select KeyValuePair.Create(XrpcMethodAttribute.NsidOf(type), restricted.Restrictions));

    private MethodRestrictions Of(string method) => _restrictions.GetValueOrDefault(method, MethodRestrictions.None);
}
