using System.Reflection;

namespace Pds.UnitTests.Architecture;

/// <summary>Rule 5: names that say something, and sizes that can be read.</summary>
internal sealed class NamingTests
{
    private const int MaxLines = 400;
    private const int MaxConstructorParameters = 7;
    private static readonly string[] EmptyWords = ["Manager", "Helper", "Helpers", "Util", "Utils", "Service", "Processor"];

    /// <summary>Nouns of DID documents and PLC operations, which do call it a service.</summary>
    private static readonly string[] ProtocolNouns = ["PlcService", "WebDidService", "Service"];

    [Test]
    public void Types_EndInNoEmptyWord()
    {
        List<Type> types = [.. SourceTree.Types(SourceTree.All)];

        Assert.That(types, Is.Not.Empty);
        Assert.That(types.Select(type => type.Name.Split('`')[0]).Where(name => Array.Exists(EmptyWords, word => name.EndsWith(word, StringComparison.Ordinal))).Except(ProtocolNouns), Is.Empty);
    }

    [Test]
    public void Namespaces_AreNeitherCommonNorShared()
    {
        List<string> namespaces = [.. SourceTree.Types(SourceTree.All).Select(type => type.Namespace!).Distinct()];

        Assert.That(namespaces, Is.Not.Empty);
        Assert.That(namespaces.Where(name => name.Split('.').Intersect(["Common", "Shared"]).Any()), Is.Empty);
    }

    [Test]
    public void Files_HaveAtMost400Lines()
    {
        IReadOnlyList<string> files = SourceTree.SourceFiles();

        Assert.That(files, Is.Not.Empty);
        Assert.That(files.Where(file => !file.Contains("Migrations", StringComparison.Ordinal) && File.ReadLines(file).Count() > MaxLines), Is.Empty);
    }

    [Test]
    public void Constructors_HaveAtMost7Parameters()
    {
        List<ConstructorInfo> constructors = [.. SourceTree.Types(SourceTree.All)
            .Where(type => type.IsClass && type.GetMethod("<Clone>$") is null)      // records hold data, they do not work
            .SelectMany(type => type.GetConstructors(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance))];

        Assert.That(constructors, Is.Not.Empty);
        Assert.That(constructors.Where(constructor => constructor.GetParameters().Length > MaxConstructorParameters).Select(constructor => constructor.DeclaringType), Is.Empty);
    }

    [Test]
    public void Sources_HaveNoRegionsAndNoTodos()
    {
        IReadOnlyList<string> files = SourceTree.SourceFiles();

        Assert.That(files, Is.Not.Empty);
        Assert.That(files.Where(file => File.ReadLines(file).Any(line => line.TrimStart().StartsWith("#region", StringComparison.Ordinal) || line.Contains("TODO", StringComparison.Ordinal))), Is.Empty);
    }
}
