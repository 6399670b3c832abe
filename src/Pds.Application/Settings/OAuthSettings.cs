namespace Pds.Application.Settings;

/// <summary>Signing in to applications.</summary>
public sealed class OAuthSettings
{
    /// <summary>Ids of OAuth clients that the operator vouches for: their names and pictures are shown, they may sign people in silently, and their sessions last up to two years instead of two weeks. Default: none.</summary>
    [Variable("PDS_OAUTH_TRUSTED_CLIENTS")]
    public IList<string> TrustedClients { get; } = [];
}
