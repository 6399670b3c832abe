using System.Net;

namespace Pds.Application.Settings;

internal static class RateLimitSettingsValidator
{
    public static IEnumerable<string> FindFaults(RateLimitSettings settings)
    {
        foreach (string address in settings.BypassIps)
        {
            if (!IPAddress.TryParse(address, out _) && !IPNetwork.TryParse(address, out _))
            {
                yield return $"RateLimits.BypassIps (PDS_RATE_LIMIT_BYPASS_IPS): `{address}` must be an address or a network, such as `192.0.2.1` or `192.0.2.0/24`.";
            }
        }
    }
}
