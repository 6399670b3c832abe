using System.Reflection;
using Pds.Arrows;

namespace Pds.UnitTests.Architecture;

/// <summary>Folders stand on one another: none is reached from itself. <c>tools/Arrows</c> prints what is counted.</summary>
internal sealed class ArrowTests
{
    [Test]
    public void Infrastructure_HasNoCircleBetweenFolders() => Assert.That(CirclesOf(SourceTree.Infrastructure, "Pds.Infrastructure"), Is.Empty);

    [Test]
    public void Api_HasNoCircleBetweenFolders() => Assert.That(CirclesOf(SourceTree.Api, "Pds.Api"), Is.Empty);

    [Test]
    public void Persistence_UsesNoFeature()
    {
        IReadOnlyList<Arrow> arrows = FolderArrows.Read(SourceTree.Infrastructure.Location, "Pds.Infrastructure");

        Assert.That(arrows.Select(arrow => arrow.To), Does.Contain("Persistence"));
        Assert.That(arrows.Where(arrow => arrow.From == "Persistence").SelectMany(arrow => arrow.Uses), Is.Empty);
    }

    [Test]
    public void Circles_OfFoldersThatUseEachOther_AreFound()
    {
        Arrow[] arrows = [new("A", "B", []), new("B", "C", []), new("C", "B", []), new("C", "D", [])];

        Assert.That(FolderArrows.FindCircles(arrows), Is.EqualTo(new[] { new[] { "B", "C" } }));
    }

    [Test]
    public void Uses_InAsyncMethodsAndClosures_CountToTheOuterType()
    {
        IReadOnlyList<Arrow> arrows = FolderArrows.Read(SourceTree.Infrastructure.Location, "Pds.Infrastructure");

        Assert.That(arrows.Single(arrow => arrow is { From: "OAuth", To: "Accounts" }).Uses, Does.Contain("EfOAuthSessionStore -> SignIns"));
    }

    private static IEnumerable<string> CirclesOf(Assembly assembly, string root)
    {
        IReadOnlyList<Arrow> arrows = FolderArrows.Read(assembly.Location, root);
        Assert.That(arrows, Is.Not.Empty);
        return FolderArrows.FindCircles(arrows).Select(circle => string.Join(", ", circle));
    }
}
