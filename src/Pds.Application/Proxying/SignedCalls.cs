using System.Text;
using Pds.Application.Accounts;
using Pds.Application.Crypto;
using Pds.Application.Settings;
using Pds.Domain.Crypto;
using Pds.Domain.Identifiers;
using Pds.Domain.Proxying;

namespace Pds.Application.Proxying;

/// <summary>Calls other services in the name of an account.</summary>
internal sealed class SignedCalls(IServiceClient client, ISigningKeys keys, ServiceAuthTokens tokens, ProxyingSettings options)
{
    private static readonly UriCreationOptions AsWritten = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <summary>The address of a method, its query left as it is, but for what no query may have unescaped.</summary>
    public static Uri AddressOf(Uri endpoint, Nsid method, string query) =>
        new($"{endpoint.GetLeftPart(UriPartial.Authority)}/xrpc/{method}{Escape(query)}", AsWritten);

    /// <summary>Control bytes, blanks and what is no ASCII would be read in another way by the next server.</summary>
    private static string Escape(string query)
    {
        if (!query.AsSpan().ContainsAnyExceptInRange('!', '~') && !query.Contains('#', StringComparison.Ordinal))
        {
            return query;
        }

        var escaped = new StringBuilder(query.Length + 16);
        foreach (Rune rune in query.EnumerateRunes())
        {
            _ = rune.Value is > ' ' and <= '~' and not '#' ? escaped.Append((char)rune.Value) : escaped.Append(Uri.EscapeDataString(rune.ToString()));
        }

        return escaped.ToString();
    }

    /// <summary>The audience of tokens for a service.</summary>
    public string AudienceOf(ServiceReference service) => options.FullServiceAudience ? service.ToString() : service.Did.ToString();

    /// <summary>Sends a call with a token for one audience and method.</summary>
    /// <exception cref="Domain.Errors.XrpcException">UpstreamFailure.</exception>
    public async Task<ServiceAnswer> SendAsync(ServiceCall call, Did issuer, string audience, Nsid method, CancellationToken cancellationToken)
    {
        ISigner signer = await keys.GetAsync(issuer, cancellationToken);
        return await client.SendAsync(call with { Token = tokens.Issue(signer, issuer, audience, method) }, cancellationToken);
    }
}
