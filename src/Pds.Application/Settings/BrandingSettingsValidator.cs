using System.Text.RegularExpressions;

namespace Pds.Application.Settings;

internal static partial class BrandingSettingsValidator
{
    public static IEnumerable<string> FindFaults(BrandingSettings settings)
    {
        foreach ((string option, Uri? value) in new (string, Uri?)[]
        {
            ("Branding.PrivacyPolicyUrl (PDS_PRIVACY_POLICY_URL)", settings.PrivacyPolicyUrl),
            ("Branding.TermsOfServiceUrl (PDS_TERMS_OF_SERVICE_URL)", settings.TermsOfServiceUrl),
            ("Branding.SupportUrl (PDS_SUPPORT_URL)", settings.SupportUrl),
            ("Branding.HomeUrl (PDS_HOME_URL)", settings.HomeUrl),
            ("Branding.BackgroundLightUrl (PDS_BACKGROUND_LIGHT_URL)", settings.BackgroundLightUrl),
            ("Branding.BackgroundDarkUrl (PDS_BACKGROUND_DARK_URL)", settings.BackgroundDarkUrl),
        })
        {
            if (value is not null && !WebAddress.IsOne(value))
            {
                yield return $"{option} must be an http or https URL.";
            }
        }

        if (settings.LogoUrl is { } logo && !WebAddress.IsOne(logo) && !(logo.IsAbsoluteUri && logo.OriginalString.StartsWith("data:image/", StringComparison.OrdinalIgnoreCase)))
        {
            yield return "Branding.LogoUrl (PDS_LOGO_URL) must be an http or https URL, or a picture as `data:image/…`.";
        }

        foreach ((string option, string? value) in new (string, string?)[]
        {
            ("Branding.PrimaryColor (PDS_PRIMARY_COLOR)", settings.PrimaryColor),
            ("Branding.ErrorColor (PDS_ERROR_COLOR)", settings.ErrorColor),
            ("Branding.WarningColor (PDS_WARNING_COLOR)", settings.WarningColor),
            ("Branding.InfoColor (PDS_INFO_COLOR)", settings.InfoColor),
            ("Branding.SuccessColor (PDS_SUCCESS_COLOR)", settings.SuccessColor),
        })
        {
            if (value is not null && !Color.IsMatch(value))
            {
                yield return $"{option} must be of the form `#1a5fd0`, `#abc` or `rgb(26, 95, 208)`.";
            }
        }
    }

    /// <summary>What the official server reads: three, four, six or eight hex digits, or parts from 0 to 255.</summary>
    [GeneratedRegex(@"^(#([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})|rgb\(\s*(\d{1,2}|1\d\d|2[0-4]\d|25[0-5])(\s*,\s*(\d{1,2}|1\d\d|2[0-4]\d|25[0-5])){2}\s*\)|rgba\(\s*(\d{1,2}|1\d\d|2[0-4]\d|25[0-5])(\s*,\s*(\d{1,2}|1\d\d|2[0-4]\d|25[0-5])){3}\s*\))\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Color { get; }
}
