namespace Pds.UnitTests.Interop;

/// <summary>The folder with the shared fixtures, which lies beside the repository and not in it.</summary>
internal static class SharedData
{
    private const string Missing = "The shared fixtures are not here: no folder shared/data above the tests.";

    public static bool IsContinuousIntegration => Environment.GetEnvironmentVariable("CI") == "true";

    /// <summary>The path of a file or folder below <c>shared/data/interop</c>, else below <c>shared/data</c>; null where there is none.</summary>
    public static string? Find(string relative)
    {
        for (DirectoryInfo? folder = new(TestContext.CurrentContext.TestDirectory); folder is not null; folder = folder.Parent)
        {
            string data = Path.Combine(folder.FullName, "shared", "data");
            foreach (string path in (string[])[Path.Combine(data, "interop", relative), Path.Combine(data, relative)])
            {
                if (Path.Exists(path))
                {
                    return path;
                }
            }
        }

        return null;
    }

    /// <summary>As <see cref="Find"/>; where nothing is found the test is ignored, in continuous integration it fails.</summary>
    public static string Require(string relative)
    {
        if (Find(relative) is { } path)
        {
            return path;
        }

        if (IsContinuousIntegration)
        {
            Assert.Fail($"{Missing} Wanted: {relative}");
        }

        Assert.Ignore($"{Missing} Wanted: {relative}");
        return relative;
    }
}
