using Pds.Domain.Identifiers;

namespace Pds.Application.Settings;

internal static class ModerationSettingsValidator
{
    public static IEnumerable<string> FindFaults(ModerationSettings settings)
    {
        foreach ((string option, string variable, Uri? url, string? did) in new (string, string, Uri?, string?)[]
        {
            ("Moderation.Service", "PDS_MOD_SERVICE", settings.ServiceUrl, settings.ServiceDid),
            ("Moderation.ReportService", "PDS_REPORT_SERVICE", settings.ReportServiceUrl, settings.ReportServiceDid),
        })
        {
            if ((url is null) != (did is null) || (url is not null && !WebAddress.IsOne(url)) || (did is not null && !Did.TryParse(did, out _)))
            {
                yield return $"{option}Url and {option}Did ({variable}_URL, {variable}_DID) belong together: set both or none, an http or https URL and a DID.";
            }
        }
    }
}
