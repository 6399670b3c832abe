namespace Pds.Application.Settings;

/// <summary>Signing in to applications.</summary>
public sealed class OAuthSettings
{
    /// <summary>Ids of OAuth clients that the operator vouches for: their names and pictures are shown, and their sessions last. Default: none.</summary>
    [Variable("PDS_OAUTH_TRUSTED_CLIENTS")]
    public IList<string> TrustedClients { get; } = [];
}
