using System.Text.Json;
using Pds.UnitTests.Interop;

namespace Pds.UnitTests.Crypto;

/// <summary>The published fixtures of keys and signatures.</summary>
internal static class CryptoFixtures
{
    /// <summary>The elements of a file, which is one JSON array.</summary>
    public static IReadOnlyList<JsonElement> Read(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(SharedData.Require("crypto/" + file)));
        return [.. document.RootElement.Clone().EnumerateArray()];
    }

    /// <summary>The fixtures spell base64 without padding.</summary>
    public static byte[] Base64(this JsonElement fixture, string name)
    {
        string text = fixture.GetProperty(name).GetString()!;
        return Convert.FromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '='));
    }
}
