using Pds.Application.Identity;
using Pds.Application.Settings;
using Pds.Domain.Accounts;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;

namespace Pds.Application.Accounts;

/// <summary>Applies the house's <see cref="HandlePolicy"/>, and asks the owner of a handle elsewhere whether it points at the DID.</summary>
/// <param name="server">Service domains.</param>
/// <param name="rules">Word lists.</param>
/// <param name="resolver">Resolves handles that are not ours.</param>
public sealed class HandleCheck(ServerSettings server, RuleSettings rules, IHandleResolver resolver)
{
    private readonly Lazy<HandlePolicy> _policy = new(() => new HandlePolicy(
        server.HandleDomains,
        rules.ReservedHandles,
        [.. rules.DisallowedHandles],
        server.DevMode || server.HandleDomains.Any(domain => domain.EndsWith(".test", StringComparison.OrdinalIgnoreCase)),
        rules.DisallowedWords));

    /// <summary>The rules that follow from a handle's text.</summary>
    public HandlePolicy Policy => _policy.Value;

    /// <summary>Parses a handle and requires that an account may have it.</summary>
    /// <param name="text">The handle as typed.</param>
    /// <param name="did">The account's DID; <see langword="null"/> when it is being made, which rules out handles elsewhere.</param>
    /// <param name="byOperator">The operator may use reserved words and any language.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="XrpcException">InvalidHandle, HandleNotAvailable, UnsupportedDomain, InvalidRequest.</exception>
    public async ValueTask<Handle> RequireAsync(string text, Did? did, bool byOperator, CancellationToken cancellationToken)
    {
        Handle handle = Policy.Require(text, byOperator);
        if (Policy.IsServiceHandle(handle))
        {
            return handle;
        }

        if (did is null)
        {
            throw new XrpcException(AccountErrors.UnsupportedDomain, "Not a supported handle domain");
        }

        return await resolver.ResolveAsync(handle, cancellationToken) == did
            ? handle
            : throw new XrpcException(RequestErrors.InvalidRequest, "External handle did not resolve to DID");
    }
}
