using System.Text.Json;
using Pds.UnitTests.Interop;

namespace Pds.UnitTests.Crypto;

/// <summary>The published fixtures of keys and signatures.</summary>
internal static class CryptoFixtures
{
    /// <summary>The elements of a file, which is one JSON array.</summary>
    public static IReadOnlyList<JsonElement> Read(string file)
    {
        string? path = SharedData.Find("crypto/" + file);
        if (path is null)
        {
            Missing(file);
        }

        using var document = JsonDocument.Parse(File.ReadAllBytes(path!));
        return [.. document.RootElement.Clone().EnumerateArray()];
    }

    /// <summary>The fixtures spell base64 without padding.</summary>
    public static byte[] Base64(this JsonElement fixture, string name)
    {
        string text = fixture.GetProperty(name).GetString()!;
        return Convert.FromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '='));
    }

    private static void Missing(string file)
    {
        const string Message = "The interop fixtures are not here: ";
        if (Environment.GetEnvironmentVariable("CI") == "true")
        {
            Assert.Fail(Message + file);
        }

        Assert.Ignore(Message + file);
    }
}
