using Pds.Domain.Identifiers;

namespace Pds.Application.Settings;

internal static class ProxyingSettingsValidator
{
    private const int MaxRetries = 10;

    public static IEnumerable<string> FindFaults(ProxyingSettings settings)
    {
        if (settings.AppViewUrl is { } url && !WebAddress.IsOne(url))
        {
            yield return "Proxying.AppViewUrl (PDS_BSKY_APP_VIEW_URL) must be an http or https URL.";
        }

        if (settings.AppViewDid is { } appView && !Did.TryParse(appView, out _))
        {
            yield return "Proxying.AppViewDid (PDS_BSKY_APP_VIEW_DID) must be a DID, such as `did:web:api.bsky.app`.";
        }

        if ((settings.AppViewUrl is null) != (settings.AppViewDid is null))
        {
            yield return "Proxying.AppViewUrl and Proxying.AppViewDid (PDS_BSKY_APP_VIEW_URL, PDS_BSKY_APP_VIEW_DID) belong together: set both or none.";
        }

        if (settings.AppViewCdnUrlPattern is { } pattern && pattern.Split("%s").Length != 4)
        {
            yield return "Proxying.AppViewCdnUrlPattern (PDS_BSKY_APP_VIEW_CDN_URL_PATTERN) must have three `%s`, for preset, DID and CID, such as `https://cdn.example.com/img/%s/plain/%s/%s@jpeg`.";
        }

        if (settings.HeadersTimeout <= TimeSpan.Zero || settings.BodyTimeout <= TimeSpan.Zero)
        {
            yield return "Proxying.HeadersTimeout and Proxying.BodyTimeout (PDS_PROXY_HEADERS_TIMEOUT, PDS_PROXY_BODY_TIMEOUT) must be more than 0.";
        }

        if (settings.MaxResponseSize < 1)
        {
            yield return "Proxying.MaxResponseSize (PDS_PROXY_MAX_RESPONSE_SIZE) must be 1 byte or more.";
        }

        if (settings.MaxRetries is < 0 or > MaxRetries)
        {
            yield return "Proxying.MaxRetries (PDS_PROXY_MAX_RETRIES) must be 0 to 10.";
        }
    }
}
