using Pds.Domain.Identifiers;

namespace Pds.Application.Settings;

internal static class ServerSettingsValidator
{
    public static IEnumerable<string> FindFaults(ServerSettings settings)
    {
        if (Uri.CheckHostName(settings.Hostname) is not (UriHostNameType.Dns or UriHostNameType.IPv4) || settings.Hostname.Any(char.IsAsciiLetterUpper))
        {
            yield return "Server.Hostname (PDS_HOSTNAME) must be a bare host name in lower case, such as `pds.example.com`.";
        }

        if (settings.PublicUrl is { } url && !(WebAddress.IsOne(url) && url.PathAndQuery == "/"))
        {
            yield return "PublicUrl must be an http or https URL without a path, such as `https://pds.example.com`.";
        }

        if (settings.Port is < 0 or > ushort.MaxValue)
        {
            yield return "Server.Port (PDS_PORT) must be 0 to 65535.";
        }

        if (settings.ServiceDid is { } service && !Did.TryParse(service, out _))
        {
            yield return "Server.ServiceDid (PDS_SERVICE_DID) must be a DID, such as `did:web:pds.example.com`.";
        }

        foreach (string domain in settings.ServiceHandleDomains)
        {
            if (!domain.StartsWith('.') || !Handle.TryParse($"name{domain}", out _))
            {
                yield return $"Server.ServiceHandleDomains (PDS_SERVICE_HANDLE_DOMAINS): `{domain}` must be a domain with a leading dot, such as `.example.com`.";
            }
        }
    }
}
