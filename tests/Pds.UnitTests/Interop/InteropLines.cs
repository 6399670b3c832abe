namespace Pds.UnitTests.Interop;

/// <summary>Test cases from a fixture file: one per line, past blank lines and comments.</summary>
internal static class InteropLines
{
    private const int DisplayedLength = 60;

    public static IEnumerable<TestCaseData> Of(string relative)
    {
        string? path = SharedData.Find(relative);
        if (path is null)
        {
            if (SharedData.IsContinuousIntegration)
            {
                throw new FileNotFoundException("The shared fixtures are missing.", relative);
            }

            yield return new TestCaseData("").Ignore($"The shared fixture {relative} is not here.");
            yield break;
        }

        foreach (string line in File.ReadLines(path))
        {
            if (line.Length > 0 && line[0] != '#')
            {
                yield return new TestCaseData(line).SetArgDisplayNames(line.Length > DisplayedLength ? line[..DisplayedLength] + "…" : line);
            }
        }
    }
}
