using System.Reflection;

namespace Pds.UnitTests.Architecture;

/// <summary>A public class that grows past what one can keep in mind is several.</summary>
internal sealed class MemberCountTests
{
    private const int Most = 20;

    /// <summary>The tree has one partial file for each operation, and its operations are its members.</summary>
    private static readonly string[] Exceptions = ["MstTree"];

    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    [Test]
    public void PublicClasses_HaveAtMostTwentyMembers()
    {
        Type[] classes = [.. SourceTree.Types(SourceTree.All).Where(type => type is { IsClass: true, IsVisible: true } && !IsMigration(type) && !Exceptions.Contains(type.Name))];

        string[] large = [.. classes.Select(type => (type, Count(type))).Where(pair => pair.Item2 > Most).Select(pair => $"{pair.type.Name} has {pair.Item2}")];

        Assert.That(classes, Is.Not.Empty);
        Assert.That(large, Is.Empty);
    }

    /// <summary>Properties, fields and methods that somebody wrote; not what records get from the compiler, and not overrides.</summary>
    private static int Count(Type type) => type.GetMembers(Declared).Count(member => member switch
    {
        PropertyInfo property => property.GetMethod?.GetBaseDefinition() == property.GetMethod,
        FieldInfo => true,
        MethodInfo method => !method.IsSpecialName && method.GetBaseDefinition() == method && !method.Name.Contains('<', StringComparison.Ordinal)
            && !method.IsDefined(typeof(System.Runtime.CompilerServices.CompilerGeneratedAttribute)),
        _ => false,
    });

    private static bool IsMigration(Type type) => type.Namespace?.EndsWith(".Migrations", StringComparison.Ordinal) is true;
}
