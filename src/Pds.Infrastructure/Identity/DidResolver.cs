using System.Diagnostics.CodeAnalysis;
using Pds.Application.Settings;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.Identity;
using Pds.Infrastructure.Http;

namespace Pds.Infrastructure.Identity;

/// <summary>Fetches DID documents from where their method says.</summary>
/// <remarks>Source: <see href="https://atproto.com/specs/did"/>: did:plc, and did:web of a bare host name (a port only on localhost, for development).</remarks>
internal sealed class DidResolver(IdentitySettings options, IPlcDocumentSource plc, GuardedHttp http)
{
    private const string WebPrefix = "did:web:";

    /// <summary>The document, or <see langword="null"/> when the DID does not exist (any more).</summary>
    /// <exception cref="XrpcException">UpstreamFailure when the source could not be reached; InvalidRequest when the method is not supported or the document is not one.</exception>
    public Task<DidDocument?> FetchAsync(Did did, CancellationToken cancellationToken) => did.Method switch
    {
        "plc" => plc.FindDocumentAsync(did, cancellationToken),
        "web" => FetchWebAsync(did, cancellationToken),
        _ => throw new XrpcException(RequestErrors.InvalidRequest, $"DIDs of the method {did.Method} are not supported."),
    };

    /// <summary>Where the document of a did:web lies.</summary>
    /// <returns><see langword="false"/> for a path, a port on any host but localhost, or something that is no host name.</returns>
    internal static bool TryGetWebAddress(Did did, [NotNullWhen(true)] out Uri? address)
    {
        address = null;
        string identifier = did.ToString()[WebPrefix.Length..];
        string[] parts = identifier.Split("%3A", 2, StringSplitOptions.None);
        string host = parts[0];
        bool isLocal = host == "localhost";
        if (!host.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-') || Uri.CheckHostName(host) != UriHostNameType.Dns)
        {
            return false;
        }

        int port = -1;
        if (parts.Length == 2 && (!isLocal || !parts[1].All(char.IsAsciiDigit) || !int.TryParse(parts[1], out port) || port is 0 or > 65535))
        {
            return false;
        }

        address = new UriBuilder(isLocal ? Uri.UriSchemeHttp : Uri.UriSchemeHttps, host, port, "/.well-known/did.json").Uri;
        return true;
    }

    private async Task<DidDocument?> FetchWebAsync(Did did, CancellationToken cancellationToken)
    {
        if (!TryGetWebAddress(did, out Uri? address))
        {
            throw new XrpcException(RequestErrors.InvalidRequest, "A did:web must be a host name, without a path or port.");
        }

        try
        {
            return DidJson.Read(did, await http.GetAsync(address, DidJson.Accept, new(DidJson.MaxBytes, options.Timeout), cancellationToken));
        }
        catch (FetchException)
        {
            throw new XrpcException(RequestErrors.UpstreamFailure, "The host of the DID could not be reached.");
        }
    }
}
