using System.Text.RegularExpressions;
using Pds.UnitTests.Architecture;

namespace Pds.UnitTests.Samples;

/// <summary>What docs/domain.md shows is code that compiles.</summary>
internal sealed partial class DomainGuideTests
{
    [Test]
    public void EveryBlockOfTheGuide_IsInTheSample()
    {
        string root = SourceTree.Root();
        string[] sources = [.. Directory.GetFiles(Path.Combine(root, "samples", "DomainAlone"), "*.cs").Select(file => Unindented(File.ReadAllText(file)))];

        string[] blocks = [.. Block().Matches(File.ReadAllText(Path.Combine(root, "docs", "domain.md"))).Select(match => Unindented(match.Groups["code"].Value))];

        Assert.That(blocks, Has.Length.GreaterThan(5));
        Assert.That(blocks.Where(block => !Array.Exists(sources, source => source.Contains(block, StringComparison.Ordinal))), Is.Empty);
    }

    /// <summary>The lines without what stands before them.</summary>
    private static string Unindented(string code) => string.Join('\n', code.Split('\n').Select(line => line.Trim())).Trim('\n');

    [GeneratedRegex("```csharp\n(?<code>.*?)```", RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Block();
}
