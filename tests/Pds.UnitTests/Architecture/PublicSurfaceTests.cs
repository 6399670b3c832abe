using System.Reflection;

namespace Pds.UnitTests.Architecture;

/// <summary>Rule 7: a change of what others can use shows in review, as a change of the approved text.</summary>
internal sealed class PublicSurfaceTests
{
    private static readonly string[] Assemblies =
        ["Pds.Domain", "Pds.Cryptography", "Pds.Application", "Pds.Infrastructure", "Pds.Infrastructure.S3", "Pds.Infrastructure.FluentStorage", "Pds.Api"];

    [TestCaseSource(nameof(Assemblies))]
    public void Surface_EqualsTheApprovedText(string name)
    {
        Assembly assembly = Array.Find(SourceTree.All, candidate => candidate.GetName().Name == name)!;
        string folder = Path.Combine(SourceTree.Root(), "tests", "Pds.UnitTests", "Architecture", "Approved");
        string approved = Path.Combine(folder, $"{name}.txt");
        string received = Path.Combine(folder, $"{name}.received.txt");

        string surface = PublicSurface.Describe(assembly);

        Assert.That(surface, Is.Not.Empty);
        if (File.Exists(approved) && File.ReadAllText(approved) == surface)
        {
            File.Delete(received);
            return;
        }

        Directory.CreateDirectory(folder);
        File.WriteAllText(received, surface);
        Assert.Fail($"The public surface of {name} is not the approved one. Compare {name}.received.txt with {name}.txt in Architecture/Approved, and rename it if the change is meant.");
    }

    /// <summary>Nothing of the host is for others: what an embedder needs is in the libraries.</summary>
    [Test]
    public void Host_ExportsNothing() => Assert.That(SourceTree.Server.GetExportedTypes(), Is.Empty);
}
