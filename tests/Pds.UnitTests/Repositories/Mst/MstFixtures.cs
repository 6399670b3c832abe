using System.Text.Json;
using Pds.UnitTests.Interop;

namespace Pds.UnitTests.Repositories.Mst;

/// <summary>The published fixtures of this folder's subject that are JSON arrays.</summary>
internal static class MstFixtures
{
    /// <summary>The items of a file below the interop folder; none where the folder is absent, which in CI it may not be.</summary>
    public static IEnumerable<JsonElement> Items(string file)
    {
        string? path = SharedData.Find(file);
        if (path is null)
        {
            return SharedData.IsContinuousIntegration ? throw new FileNotFoundException("The shared fixtures are missing.", file) : [];
        }

        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
        return [.. document.RootElement.Clone().EnumerateArray()];
    }
}
