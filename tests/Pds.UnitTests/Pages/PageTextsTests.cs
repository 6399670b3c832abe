using System.Globalization;
using System.Resources;
using System.Text.RegularExpressions;
using Pds.Api.Pages;
using Pds.UnitTests.Architecture;

namespace Pds.UnitTests.Pages;

/// <summary>Every text of a page is there in every language.</summary>
internal sealed partial class PageTextsTests
{
    private static readonly ResourceSet German = new ResourceManager(typeof(PageTexts)).GetResourceSet(CultureInfo.GetCultureInfo("de"), createIfNotExists: true, tryParents: false)!;

    [Test]
    public void German_HasEveryTextOfTheComponents()
    {
        string[] files = Directory.GetFiles(Path.Combine(SourceTree.Root(), "src", "Pds.Api", "Pages"), "*.*", SearchOption.AllDirectories);
        List<string> texts = [.. files.Where(file => Path.GetExtension(file) is ".razor" or ".cs").SelectMany(file => Text().Matches(File.ReadAllText(file))).Select(match => match.Groups["text"].Value).Distinct()];

        Assert.That(texts, Is.Not.Empty);
        Assert.That(texts.Where(text => German.GetString(text) is null), Is.Empty);
    }

    [Test]
    public void German_HasEveryTitle()
    {
        List<string> titles = [.. SourceTree.Types(SourceTree.Api)
            .Where(type => type.IsSubclassOf(typeof(PageModel)) && !type.IsAbstract)
            .Select(type => ((PageModel)System.Runtime.CompilerServices.RuntimeHelpers.GetUninitializedObject(type)).Title)];

        Assert.That(titles, Is.Not.Empty);
        Assert.That(titles.Where(title => German.GetString(title) is null), Is.Empty);
    }

    [Test]
    public void German_HasTheSameHoles()
    {
        IEnumerable<string> wrong = German.Cast<System.Collections.DictionaryEntry>()
            .Where(entry => !Holes((string)entry.Key).SequenceEqual(Holes((string)entry.Value!)))
            .Select(entry => (string)entry.Key);

        Assert.That(wrong, Is.Empty);
    }

    private static IEnumerable<string> Holes(string text) => Hole().Matches(text).Select(match => match.Value).Order(StringComparer.Ordinal);

    [GeneratedRegex("""(?:\bT\[|\btexts\[\s*|\bRich\()"(?<text>[^"]+)"|new PageLink\("(?<text>[^"]+)"|\["[a-z-]+"\] = "(?<text>[^"]+)""")]
    private static partial Regex Text();

    [GeneratedRegex(@"\{\d\}")]
    private static partial Regex Hole();
}
