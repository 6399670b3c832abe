using System.Reflection;
using Microsoft.Extensions.Options;
using Pds.Application.DependencyInjection;
using Pds.Server.Hosting;
using Pds.UnitTests.Architecture;

namespace Pds.UnitTests.Settings;

/// <summary>Schema and tables follow from the settings classes. With <c>PDS_WRITE_SETTINGS=1</c> these tests write them.</summary>
internal sealed class SettingsDocumentTests
{
    private static string Docs => Path.Combine(SourceTree.Root(), "docs");

    [Test]
    public void Schema_EqualsWhatTheClassesSay() => ShouldBeUpToDate("settings.schema.json", _ => SettingsDocuments.Schema());

    [Test]
    public void Tables_EqualWhatTheClassesSay() => ShouldBeUpToDate("operating.md", SettingsDocuments.WithTables);

    [Test]
    public void Tables_OfOperating_NameEverySettingOnce()
    {
        string[] withVariables = [.. SettingsDocuments.All
            .Where(settings => VariableBinder.MembersOf(settings.Type).Any())
            .Select(settings => settings.Name)];

        string[] shown = [.. SettingsDocuments.NamesIn(File.ReadAllText(Path.Combine(Docs, "operating.md"))).Where(name => name != "differences")];

        Assert.That(withVariables, Is.Not.Empty);
        Assert.That(shown, Is.EquivalentTo(withVariables));
    }

    [Test]
    public void Variables_OfAllSettings_AreNamedOnce()
    {
        string[] names = [.. SettingsDocuments.All.SelectMany(settings => VariableBinder.MembersOf(settings.Type)).Select(pair => pair.Variable.Name)];

        Assert.That(names, Is.Not.Empty.And.Unique);
        Assert.That(names, Has.All.Matches<string>(name => name.StartsWith("LOG_", StringComparison.Ordinal) || PdsVariables.IsKnown(name)));
    }

    [Test]
    public void Settings_InSource_AreInjectedOneWay()
    {
        HashSet<Type> settings = [.. SettingsDocuments.All.Select(all => all.Type), typeof(PdsOptions)];
        Type[] wrapped = [.. settings.Select(type => typeof(IOptions<>).MakeGenericType(type)), typeof(PdsOptions)];

        string[] offenders = [.. SourceTree.Types(SourceTree.All)
            .Where(type => type.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
                .SelectMany(constructor => constructor.GetParameters())
                .Any(parameter => wrapped.Contains(parameter.ParameterType)))
            .Select(type => type.Name)
            .Except(["HttpAccess", "S3BlobFaults"])];     // a command with all settings; a validator among those of PdsOptions

        Assert.That(offenders, Is.Empty);
    }

    private static void ShouldBeUpToDate(string file, Func<string, string> make)
    {
        string path = Path.Combine(Docs, file);
        string written = File.Exists(path) ? File.ReadAllText(path) : "";
        string made = make(written);
        if (Environment.GetEnvironmentVariable("PDS_WRITE_SETTINGS") is "1")
        {
            File.WriteAllText(path, made);
            written = made;
        }

        Assert.That(written, Is.EqualTo(made), $"docs/{file} is not up to date: run this test with PDS_WRITE_SETTINGS=1 and commit the file.");
    }
}
