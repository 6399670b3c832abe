using System.Globalization;
using Microsoft.Net.Http.Headers;

namespace Pds.Api.Pages;

/// <summary>Finds the language of a page.</summary>
internal static class PageLanguages
{
    /// <summary>The first that is asked for and spoken; English otherwise.</summary>
    /// <param name="asked">What the application asks for, best first, parted by spaces.</param>
    /// <param name="request">What the browser asks for.</param>
    /// <param name="spoken">Languages that there are.</param>
    public static CultureInfo Choose(string? asked, HttpRequest request, IReadOnlyList<string> spoken)
    {
        IEnumerable<string> wanted = (asked ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Concat(Accepted(request));
        foreach (string tag in wanted)
        {
            if ((Find(tag, spoken) ?? Find(tag.Split('-')[0], spoken)) is { } language)
            {
                return CultureInfo.GetCultureInfo(language);
            }
        }

        return CultureInfo.GetCultureInfo("en");
    }

    private static string? Find(string tag, IReadOnlyList<string> spoken) => spoken.FirstOrDefault(language => language.Equals(tag, StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<string> Accepted(HttpRequest request) =>
        StringWithQualityHeaderValue.TryParseList(request.Headers.AcceptLanguage, out IList<StringWithQualityHeaderValue>? accepted)
            ? accepted.Where(language => language.Quality is not 0).OrderByDescending(language => language.Quality ?? 1).Select(language => language.Value.Value!)
            : [];
}
