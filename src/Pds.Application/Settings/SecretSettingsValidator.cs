namespace Pds.Application.Settings;

internal static class SecretSettingsValidator
{
    private const int KeyHexDigits = 64;

    public static IEnumerable<string> FindFaults(SecretSettings settings)
    {
        if (settings.JwtSecret.Length == 0)
        {
            yield return "Secrets.JwtSecret (PDS_JWT_SECRET) is missing: write the output of `openssl rand --hex 16`.";
        }

        if (settings.AdminPassword.Length == 0)
        {
            yield return "Secrets.AdminPassword (PDS_ADMIN_PASSWORD) is missing: write a password, such as the output of `openssl rand --hex 16`.";
        }

        if (!IsKey(settings.PlcRotationKey))
        {
            yield return "Secrets.PlcRotationKey (PDS_PLC_ROTATION_KEY_K256_PRIVATE_KEY_HEX) must have 64 hex digits: write the output of `openssl rand --hex 32` and keep a copy.";
        }

        if (settings.DpopSecret is { } secret && !IsKey(secret))
        {
            yield return "Secrets.DpopSecret (PDS_DPOP_SECRET) must have 64 hex digits: write the output of `openssl rand --hex 32`.";
        }
    }

    private static bool IsKey(string text) => text.Length == KeyHexDigits && text.All(char.IsAsciiHexDigit);
}
