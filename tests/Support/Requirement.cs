namespace Pds.InteropData;

/// <summary>What a test needs of the machine. This is the only place that skips tests, so that none is skipped in CI.</summary>
internal static class Requirement
{
    /// <summary>Whether this is CI, where a test that cannot run has failed.</summary>
    public static bool IsContinuousIntegration => Environment.GetEnvironmentVariable("CI") == "true";

    /// <summary>Skips the test; in CI it fails.</summary>
    /// <param name="what">What is missing, and how to get it.</param>
    public static void IsMissing(string what) => IsMissing(what, IsContinuousIntegration);

    /// <summary>Skips the test, or fails it.</summary>
    /// <param name="what">What is missing, and how to get it.</param>
    /// <param name="isRequired">Whether it fails.</param>
    public static void IsMissing(string what, bool isRequired)
    {
        if (isRequired)
        {
            Assert.Fail(what);
        }

        Assert.Ignore(what);
    }
}
