namespace Pds.Application.Settings;

internal static class AccountSettingsValidator
{
    public static IEnumerable<string> FindFaults(AccountSettings settings)
    {
        if (settings.InviteInterval <= TimeSpan.Zero)
        {
            yield return "Accounts.InviteInterval (PDS_INVITE_INTERVAL) must be 1 millisecond or more, or not set.";
        }

        if (settings.MaxReservedKeys < 1)
        {
            yield return "Accounts.MaxReservedKeys (PDS_MAX_RESERVED_KEYS) must be 1 or more.";
        }

        if (settings.ReservedKeyLifetime < TimeSpan.FromHours(1))
        {
            yield return "Accounts.ReservedKeyLifetime (PDS_RESERVED_KEY_LIFETIME_MS) must be 1 hour or more.";
        }
    }
}
