namespace Pds.Application.Settings;

/// <summary>The services that moderate and that get reports.</summary>
public sealed class ModerationSettings
{
    private string? _moderatorDid;

    /// <summary>The moderation service, which gets the moderators' methods and may call the methods of the operator; needs <see cref="ServiceDid"/>. Default: none.</summary>
    [Variable("PDS_MOD_SERVICE_URL")]
    public Uri? ServiceUrl { get; set; }

    /// <summary>DID of the moderation service; needs <see cref="ServiceUrl"/>. Default: none.</summary>
    [Variable("PDS_MOD_SERVICE_DID", Pair = nameof(ServiceUrl))]
    public string? ServiceDid { get; set; }

    /// <summary>The service that gets people's reports; needs <see cref="ReportServiceDid"/>. Default: the moderation service.</summary>
    [Variable("PDS_REPORT_SERVICE_URL")]
    public Uri? ReportServiceUrl { get; set; }

    /// <summary>DID of the service that gets people's reports; needs <see cref="ReportServiceUrl"/>. Default: the moderation service.</summary>
    [Variable("PDS_REPORT_SERVICE_DID", Pair = nameof(ReportServiceUrl))]
    public string? ReportServiceDid { get; set; }

    /// <summary>DID of the service whose tokens open the moderators' methods. Default: <see cref="ServiceDid"/>.</summary>
    public string? ModeratorDid
    {
        get => _moderatorDid ?? ServiceDid;
        set => _moderatorDid = value;
    }
}
