using System.Text.Json;

namespace Pds.UnitTests.Crypto;

/// <summary>The published fixtures of keys and signatures.</summary>
internal static class CryptoFixtures
{
    /// <summary>The elements of a file, which is one JSON array: those of this repository, then the public ones.</summary>
    public static IReadOnlyList<JsonElement> Read(string file)
    {
        List<JsonElement> fixtures = [];
        foreach (string path in SharedData.Files("crypto/" + file))
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            fixtures.AddRange(document.RootElement.Clone().EnumerateArray());
        }

        Assert.That(fixtures, Is.Not.Empty);
        return fixtures;
    }

    /// <summary>The fixtures spell base64 without padding.</summary>
    public static byte[] Base64(this JsonElement fixture, string name)
    {
        string text = fixture.GetProperty(name).GetString()!;
        return Convert.FromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '='));
    }
}
