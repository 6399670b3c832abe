using Pds.Application.Accounts;
using Pds.Application.Crypto;
using Pds.Application.DependencyInjection;
using Pds.Domain.Crypto;
using Pds.Domain.Identifiers;
using Pds.Domain.Proxying;

namespace Pds.Application.Proxying;

/// <summary>Calls other services in the name of an account.</summary>
internal sealed class SignedCalls(IServiceClient client, ISigningKeys keys, ServiceAuthTokens tokens, PdsOptions options)
{
    private static readonly UriCreationOptions AsWritten = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <summary>The address of a method, its query left as it is.</summary>
    public static Uri AddressOf(Uri endpoint, Nsid method, string query) =>
        new($"{endpoint.GetLeftPart(UriPartial.Authority)}/xrpc/{method}{query}", AsWritten);

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
