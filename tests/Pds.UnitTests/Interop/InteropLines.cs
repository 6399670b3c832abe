namespace Pds.UnitTests.Interop;

/// <summary>Test cases from fixture files: one per line, past blank lines and comments.</summary>
internal static class InteropLines
{
    private const int DisplayedLength = 60;

    public static IEnumerable<TestCaseData> Of(string relative)
    {
        IReadOnlyList<string> files = SharedData.Files(relative);
        if (files.Count == 0)
        {
            yield return new TestCaseData("").Ignore(SharedData.Missing(relative)).SetArgDisplayNames(relative);
        }

        foreach (string line in files.SelectMany(File.ReadLines).Distinct(StringComparer.Ordinal))
        {
            if (line.Length > 0 && line[0] != '#')
            {
                yield return new TestCaseData(line).SetArgDisplayNames(line.Length > DisplayedLength ? line[..DisplayedLength] + "…" : line);
            }
        }
    }
}
