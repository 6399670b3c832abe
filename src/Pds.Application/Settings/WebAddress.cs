namespace Pds.Application.Settings;

internal static class WebAddress
{
    /// <summary>Whether others can be reached under it: an absolute http or https URL.</summary>
    public static bool IsOne(Uri url) => url.IsAbsoluteUri && (url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp);
}
