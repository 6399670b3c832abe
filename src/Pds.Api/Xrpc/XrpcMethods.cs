using System.Collections.Frozen;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.Infrastructure;
using Pds.Application.Accounts;

namespace Pds.Api.Xrpc;

/// <summary>All methods of this server, a host's own included, as their actions and messages describe them.</summary>
internal sealed class XrpcMethods(IActionDescriptorCollectionProvider actions)
{
    private readonly Lazy<FrozenDictionary<string, XrpcMethod>> _byName = new(() => Collect(actions.ActionDescriptors.Items));

    /// <summary>The methods in no order.</summary>
    public IReadOnlyList<XrpcMethod> All => _byName.Value.Values;

    /// <summary>The method of a name in any case; <see langword="null"/> when this server does not have it.</summary>
    public XrpcMethod? Find(string nsid) => _byName.Value.GetValueOrDefault(nsid);

    /// <summary>What restricts the methods.</summary>
    public RestrictedMethods Restricted() => new(All.Select(method => KeyValuePair.Create(method.Nsid, method.Restrictions)));

    private static FrozenDictionary<string, XrpcMethod> Collect(IReadOnlyList<ActionDescriptor> actions) => actions
        .Select(XrpcMethod.Of)
        .OfType<XrpcMethod>()
        .DistinctBy(method => method.Nsid, StringComparer.OrdinalIgnoreCase)
        .ToFrozenDictionary(method => method.Nsid, StringComparer.OrdinalIgnoreCase);
}
