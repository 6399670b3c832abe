using System.Globalization;
using System.Resources;
using Microsoft.Extensions.Localization;

namespace Pds.Api.Pages;

/// <summary>The words of the pages. English texts are the keys; resources beside this type hold the other languages, and a host adds or changes what it likes.</summary>
/// <remarks>The language is that of the current UI culture, which is set while a page is rendered.</remarks>
public sealed class PageTexts : IStringLocalizer
{
    private static readonly string[] Own = ["en", "de"];

    private readonly ResourceManager _resources = new(typeof(PageTexts));
    private readonly Dictionary<string, IStringLocalizer> _added;

    /// <summary>Creates the texts; the container does.</summary>
    /// <param name="options">The languages of the host.</param>
    /// <param name="services">Where the host's texts are.</param>
    public PageTexts(PdsPagesOptions options, IServiceProvider services)
    {
        _added = options.Languages.ToDictionary(
            language => language.Key, language => services.GetRequiredService<IStringLocalizerFactory>().Create(language.Value), StringComparer.OrdinalIgnoreCase);
        Languages = [.. Own.Union(_added.Keys, StringComparer.OrdinalIgnoreCase)];
    }

    /// <summary>Languages that the pages speak.</summary>
    public IReadOnlyList<string> Languages { get; }

    /// <inheritdoc/>
    public LocalizedString this[string name]
    {
        get
        {
            string? text = Find(name);
            return new LocalizedString(name, text ?? name, resourceNotFound: text is null);
        }
    }

    /// <inheritdoc/>
    public LocalizedString this[string name, params object[] arguments]
    {
        get
        {
            LocalizedString text = this[name];
            return new LocalizedString(name, string.Format(CultureInfo.CurrentCulture, text.Value, arguments), text.ResourceNotFound);
        }
    }

    /// <inheritdoc/>
    public IEnumerable<LocalizedString> GetAllStrings(bool includeParentCultures)
    {
        foreach (System.Collections.DictionaryEntry entry in _resources.GetResourceSet(CultureInfo.CurrentUICulture, createIfNotExists: true, includeParentCultures)!)
        {
            yield return this[(string)entry.Key];
        }
    }

    private string? Find(string name)
    {
        CultureInfo culture = CultureInfo.CurrentUICulture;
        return (_added.TryGetValue(culture.Name, out IStringLocalizer? host) || _added.TryGetValue(culture.TwoLetterISOLanguageName, out host))
            && host[name] is { ResourceNotFound: false } own
            ? own.Value
            : _resources.GetString(name, culture);
    }
}
