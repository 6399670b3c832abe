namespace Pds.InteropData;

/// <summary>
/// The public fixtures of the protocol, which are not in this repository: the interop files in <c>interop</c> and the published lexicons in <c>lexicons</c>.
/// They lie in the folder that <c>PDS_SHARED_DATA</c> names, else in a folder <c>shared/data</c> beside or above the checkout; <c>none</c> stands for neither.
/// </summary>
internal static class SharedData
{
    /// <summary>Category of all tests that read them: CI runs these once more without the files.</summary>
    public const string Category = "SharedData";

    private const string Variable = "PDS_SHARED_DATA";
    private const string None = "none";

    private static readonly string? Setting = Environment.GetEnvironmentVariable(Variable);

    /// <summary>Whether a test must fail that does not find the files: in CI, unless it is told to do without.</summary>
    public static bool IsRequired => Requirement.IsContinuousIntegration && Setting != None;

    /// <summary>The path of a file or folder below <c>interop</c>, else beside it; <see langword="null"/> where there is none.</summary>
    public static string? Find(string relative) =>
        Folders().SelectMany(data => new[] { Path.Combine(data, "interop", relative), Path.Combine(data, relative) }).FirstOrDefault(Path.Exists);

    /// <summary>As <see cref="Find"/>; where nothing is found the test is skipped, or fails where the files are required.</summary>
    public static string Require(string relative)
    {
        if (Find(relative) is { } path)
        {
            return path;
        }

        Requirement.IsMissing(Missing(relative), IsRequired);
        return relative;
    }

    /// <summary>The fixture files of that name: those of this repository, computed with the official packages, then the public ones.</summary>
    /// <exception cref="FileNotFoundException">The public ones are required and missing.</exception>
    public static IReadOnlyList<string> Files(string relative)
    {
        string own = Path.Combine(AppContext.BaseDirectory, "Vectors", relative);
        string? shared = Find(relative);
        return shared is null && IsRequired
            ? throw new FileNotFoundException(Missing(relative), relative)
            : [.. new[] { own, shared }.OfType<string>().Where(File.Exists)];
    }

    /// <summary>What to do about a file that is not there.</summary>
    public static string Missing(string relative) =>
        $"{relative} is not here. Put the files of github.com/bluesky-social/atproto-interop-tests into a folder interop, the lexicons of "
        + $"github.com/bluesky-social/atproto into a folder lexicons beside it, and name the folder of both in {Variable}.";

    private static IEnumerable<string> Folders()
    {
        if (!string.IsNullOrEmpty(Setting))
        {
            return Setting == None ? [] : [Setting];
        }

        return Above(new DirectoryInfo(AppContext.BaseDirectory)).Select(folder => Path.Combine(folder.FullName, "shared", "data"));
    }

    private static IEnumerable<DirectoryInfo> Above(DirectoryInfo? folder)
    {
        for (; folder is not null; folder = folder.Parent)
        {
            yield return folder;
        }
    }
}
