using MediatR;
using Pds.Application.Accounts;
using Pds.Application.Pipeline;
using Pds.Application.Settings;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;

namespace Pds.Application.Identity;

/// <summary>Asks whether a host name is served here, so that a proxy may get a certificate for it. Route: <c>/tls-check</c>.</summary>
/// <param name="Domain">The host name, in any case.</param>
public sealed record CheckHostedNameQuery(string? Domain) : IQuery<CheckHostedNameOutput>, IAnonymousRequest;

/// <summary>Answer to <see cref="CheckHostedNameQuery"/>.</summary>
/// <param name="IsHosted">Whether it is the server's own name, or the name of an account under one of its domains, whatever the account's status.</param>
public sealed record CheckHostedNameOutput(bool IsHosted);

internal sealed class CheckHostedNameHandler(IAccountStore accounts, ServerSettings options) : IRequestHandler<CheckHostedNameQuery, CheckHostedNameOutput>
{
    public async Task<CheckHostedNameOutput> Handle(CheckHostedNameQuery query, CancellationToken cancellationToken)
    {
        string host = query.Domain?.ToLowerInvariant() ?? "";
        if (host == options.Hostname)
        {
            return new(IsHosted: true);
        }

        if (!Domain.Identifiers.Handle.TryParse(host, out Handle name))
        {
            throw new XrpcException(RequestErrors.InvalidRequest, "The parameter \"domain\" must be a host name.");
        }

        // One label deep: nobody is given a name below that, and no certificate for *.domain would cover it.
        if (!options.HandleDomains.Any(domain => host.EndsWith(domain, StringComparison.Ordinal) && !host[..^domain.Length].Contains('.')))
        {
            throw new XrpcException(RequestErrors.InvalidRequest, "No handles are given out under this domain.");
        }

        return new(await IsKnownAsync(new AtIdentifier(name)) || (Did.TryParse($"did:web:{host}", out Did did) && await IsKnownAsync(new AtIdentifier(did))));

        async ValueTask<bool> IsKnownAsync(AtIdentifier identifier) => await accounts.FindAsync(identifier, cancellationToken) is not null;
    }
}
