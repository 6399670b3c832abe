using System.Xml.Linq;

namespace Pds.UnitTests.Architecture;

/// <summary>What the package of each project brings along, by the project files: its users get what they asked for and nothing else.</summary>
internal sealed class PackageTests
{
    private static readonly Dictionary<string, XDocument> Projects = Directory
        .EnumerateFiles(Path.Combine(SourceTree.Root(), "src"), "*.csproj", SearchOption.AllDirectories)
        .ToDictionary(file => Path.GetFileNameWithoutExtension(file), file => XDocument.Load(file));

    [Test]
    public void Projects_AreAllPackedWithADescription()
    {
        string[] without = [.. Projects.Where(project => project.Value.Descendants("IsPackable").SingleOrDefault()?.Value != "true"
            || project.Value.Descendants("Description").SingleOrDefault() is not { Value.Length: > 40 }).Select(project => project.Key)];

        Assert.That(Projects, Has.Count.GreaterThan(5));
        Assert.That(without, Is.Empty);
    }

    [TestCase("AWSSDK.S3", "Pds.Infrastructure.S3")]
    [TestCase("FluentStorage", "Pds.Infrastructure.FluentStorage")]
    [TestCase("System.CommandLine", "Pds.Server")]
    [TestCase("QRCoder", "Pds.Api")]
    public void Drivers_AreReferencedByOneProject(string package, string project) =>
        Assert.That(Projects.Where(candidate => PackagesOf(candidate.Key).Contains(package)).Select(candidate => candidate.Key), Is.EqualTo([project]));

    [Test]
    public void Api_BringsNeitherCommandLineNorCloud()
    {
        string[] all = [.. WithReferences("Pds.Api")];

        Assert.That(all, Does.Contain("Pds.Domain"));
        Assert.That(all.SelectMany(PackagesOf).Intersect(["System.CommandLine", "AWSSDK.S3", "FluentStorage"]), Is.Empty);
    }

    [Test]
    public void Server_IsReferencedByNoLibraryAndPackedAsTool()
    {
        XDocument server = Projects["Pds.Server"];

        Assert.That(Projects.Keys.Where(project => ReferencesOf(project).Contains("Pds.Server")), Is.Empty);
        Assert.That(server.Descendants("PackAsTool").Single().Value, Is.EqualTo("true"));
        Assert.That(server.Descendants("ToolCommandName").Single().Value, Is.EqualTo("pds"));
    }

    private static HashSet<string> WithReferences(string project) => [project, .. ReferencesOf(project).SelectMany(WithReferences)];

    private static IEnumerable<string> ReferencesOf(string project) =>
        Projects[project].Descendants("ProjectReference").Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));

    private static IEnumerable<string> PackagesOf(string project) =>
        Projects[project].Descendants("PackageReference").Select(reference => reference.Attribute("Include")!.Value);
}
