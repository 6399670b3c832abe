namespace Pds.Application.Settings;

/// <summary>What the pages of the server and <c>describeServer</c> show of its operator.</summary>
public sealed class BrandingSettings
{
    /// <summary>E-mail address of the operator, shown by <c>describeServer</c>. Default: none.</summary>
    [Variable("PDS_CONTACT_EMAIL_ADDRESS")]
    public string? ContactEmail { get; set; }

    /// <summary>Privacy policy, shown by <c>describeServer</c>. Default: none.</summary>
    [Variable("PDS_PRIVACY_POLICY_URL")]
    public Uri? PrivacyPolicyUrl { get; set; }

    /// <summary>Terms of service, shown by <c>describeServer</c>. Default: none.</summary>
    [Variable("PDS_TERMS_OF_SERVICE_URL")]
    public Uri? TermsOfServiceUrl { get; set; }

    /// <summary>Picture on the pages of the server, an https URL or a <c>data:image/…</c> URL. Default: none.</summary>
    [Variable("PDS_LOGO_URL")]
    public Uri? LogoUrl { get; set; }

    /// <summary>Colour of buttons on the pages of the server: <c>#rrggbb</c>, <c>#rgb</c> or <c>rgb(r, g, b)</c>; an alpha part is passed over. Default <c>#1a5fd0</c>.</summary>
    [Variable("PDS_PRIMARY_COLOR")]
    public string? PrimaryColor { get; set; }

    /// <summary>Colour of faults on the pages, written as <see cref="PrimaryColor"/>. Default <c>#b3261e</c>. Colours of text are darkened or lightened until they can be read.</summary>
    [Variable("PDS_ERROR_COLOR")]
    public string? ErrorColor { get; set; }

    /// <summary>Colour of warnings on the pages, written as <see cref="PrimaryColor"/>. Default <c>#8a4b00</c>.</summary>
    [Variable("PDS_WARNING_COLOR")]
    public string? WarningColor { get; set; }

    /// <summary>Colour of hints on the pages, written as <see cref="PrimaryColor"/>. Default <c>#5a6070</c>.</summary>
    [Variable("PDS_INFO_COLOR")]
    public string? InfoColor { get; set; }

    /// <summary>Colour of good news on the pages, written as <see cref="PrimaryColor"/>. Default <c>#1b6e3c</c>.</summary>
    [Variable("PDS_SUCCESS_COLOR")]
    public string? SuccessColor { get; set; }

    /// <summary>Picture behind the pages when they are light, an https URL. Default: none.</summary>
    [Variable("PDS_BACKGROUND_LIGHT_URL")]
    public Uri? BackgroundLightUrl { get; set; }

    /// <summary>Picture behind the pages when they are dark, an https URL. Default: none.</summary>
    [Variable("PDS_BACKGROUND_DARK_URL")]
    public Uri? BackgroundDarkUrl { get; set; }

    /// <summary>Where the logo on the pages leads. Default: nowhere.</summary>
    [Variable("PDS_HOME_URL")]
    public Uri? HomeUrl { get; set; }

    /// <summary>Where people find help, shown on the pages of the server. Default: none.</summary>
    [Variable("PDS_SUPPORT_URL")]
    public Uri? SupportUrl { get; set; }
}
