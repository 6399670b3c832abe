using System.Security.Cryptography;

namespace Pds.Fuzz;

/// <summary>The kept inputs: a folder for each target, a file for each input.</summary>
internal static class Corpus
{
    /// <summary>The folder beside the program.</summary>
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "corpus");

    /// <summary>The inputs of a target, always in the same order.</summary>
    public static IReadOnlyList<byte[]> Of(FuzzTarget target)
    {
        string folder = Path.Combine(Folder, target.Name);
        return Directory.Exists(folder)
            ? [.. Directory.GetFiles(folder).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)]
            : throw new DirectoryNotFoundException($"The target {target.Name} has no corpus.");
    }

    /// <summary>Writes the inputs that code makes, for every target.</summary>
    public static void Write(string folder)
    {
        foreach (FuzzTarget target in FuzzTargets.All)
        {
            Directory.CreateDirectory(Path.Combine(folder, target.Name));
            foreach ((string name, byte[] bytes) in target.Seeds())
            {
                File.WriteAllBytes(Path.Combine(folder, target.Name, name), bytes);
            }
        }
    }

    /// <summary>A short name for an input.</summary>
    public static string NameOf(ReadOnlySpan<byte> input) => Convert.ToHexStringLower(SHA256.HashData(input))[..12];
}
