using System.Text.Json;

namespace Pds.UnitTests.Repositories.Mst;

/// <summary>The published fixtures of this folder's subject that are JSON arrays.</summary>
internal static class MstFixtures
{
    /// <summary>The items of a file: those of this repository, then the public ones.</summary>
    public static IEnumerable<JsonElement> Items(string file) => SharedData.Files(file).SelectMany(path =>
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
        return document.RootElement.Clone().EnumerateArray().ToArray();
    });
}
