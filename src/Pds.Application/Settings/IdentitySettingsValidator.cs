using Pds.Domain.Crypto;

namespace Pds.Application.Settings;

internal static class IdentitySettingsValidator
{
    public static IEnumerable<string> FindFaults(IdentitySettings settings)
    {
        if (settings.PlcUrl is { } url && !WebAddress.IsOne(url))
        {
            yield return "Identity.PlcUrl (PDS_DID_PLC_URL) must be an http or https URL.";
        }

        if (settings.RecoveryDidKey is { } recovery && !PublicKey.TryParseDidKey(recovery, out _))
        {
            yield return "Identity.RecoveryDidKey (PDS_RECOVERY_DID_KEY) must be a did:key of a secp256k1 or P-256 key.";
        }

        if (settings.CacheStaleAfter < TimeSpan.Zero || settings.CacheExpiresAfter < settings.CacheStaleAfter)
        {
            yield return "Identity.CacheExpiresAfter (PDS_DID_CACHE_MAX_TTL) must not be less than Identity.CacheStaleAfter (PDS_DID_CACHE_STALE_TTL), and neither may be negative.";
        }

        if (settings.Timeout <= TimeSpan.Zero)
        {
            yield return "Identity.Timeout (PDS_ID_RESOLVER_TIMEOUT) must be more than 0.";
        }
    }
}
