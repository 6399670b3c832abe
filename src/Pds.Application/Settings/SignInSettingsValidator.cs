namespace Pds.Application.Settings;

internal static class SignInSettingsValidator
{
    public static IEnumerable<string> FindFaults(SignInSettings settings)
    {
        foreach ((string option, int value) in new (string, int)[]
        {
            ("SignIn.MaxWrongPasswords", settings.MaxWrongPasswords),
            ("SignIn.MaxWrongNames", settings.MaxWrongNames),
            ("SignIn.MaxWrongOperatorPasswords", settings.MaxWrongOperatorPasswords),
            ("SignIn.MaxWrongOperatorPasswordsInAll", settings.MaxWrongOperatorPasswordsInAll),
            ("SignIn.MaxWrongEmailTokens", settings.MaxWrongEmailTokens),
            ("SignIn.MaxWrongCodesInAll", settings.MaxWrongCodesInAll),
        })
        {
            if (value < 1)
            {
                yield return $"{option} must be 1 or more.";
            }
        }

        if (settings.LockTime <= TimeSpan.Zero)
        {
            yield return "SignIn.LockTime must be more than 0.";
        }

        if (settings.MinSignInTime < TimeSpan.Zero)
        {
            yield return "SignIn.MinSignInTime must not be negative.";
        }
    }
}
