using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Mvc.Routing;
using Pds.Api.Xrpc;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;

namespace Pds.UnitTests.Architecture;

/// <summary>Rules 6 and 7: routes are published methods, error names stand in catalogues only.</summary>
[Category(SharedData.Category)]
internal sealed partial class WireTests
{
    private static readonly (string Route, MethodInfo Action)[] Routes = [.. SourceTree.Types(SourceTree.Api)
        .Where(type => type.IsSubclassOf(typeof(XrpcController)))
        .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
        .SelectMany(action => action.GetCustomAttributes<HttpMethodAttribute>().Select(attribute => (attribute.Template!, action)))
        .Where(route => !route.Item1.StartsWith('_'))];

    [Test]
    public void Routes_AreNsids()
    {
        Assert.That(Routes, Is.Not.Empty);
        Assert.That(Routes.Select(route => route.Route).Where(route => !Nsid.TryParse(route, out _)), Is.Empty);
    }

    [Test]
    public void Routes_AreUnique() => Assert.That(Routes.Select(route => route.Route.ToUpperInvariant()), Is.Unique);

    [Test]
    public void Routes_ArePublishedMethodsWithTheirVerb()
    {
        string lexicons = SharedData.Require("lexicons");

        List<string> wrong = [];
        foreach ((string route, MethodInfo action) in Routes)
        {
            string? kind = KindOf(lexicons, route);
            string expected = action.IsDefined(typeof(XrpcSubscriptionAttribute)) ? "subscription" : action.GetCustomAttributes<HttpMethodAttribute>().Any(verb => verb.HttpMethods.Contains("POST")) ? "procedure" : "query";
            if (kind != expected)
            {
                wrong.Add($"{route}: {kind ?? "not published"}, here a {expected}");
            }
        }

        Assert.That(wrong, Is.Empty);
    }

    [Test]
    public void Coverage_ListsWhatIsServed()
    {
        string document = File.ReadAllText(Path.Combine(SourceTree.Root(), "docs", "coverage.md"));

        IEnumerable<string> listed = ServedMethod().Matches(document).Select(match => match.Groups["method"].Value);

        Assert.That(listed, Is.EquivalentTo(Routes.Select(route => route.Route)));
    }

    [Test]
    public void ErrorNames_StandInCataloguesOnly()
    {
        IReadOnlyList<string> files = SourceTree.SourceFiles();
        List<string> outside = [.. files
            .Where(file => !file.EndsWith("Errors.cs", StringComparison.Ordinal) && NewError().IsMatch(File.ReadAllText(file)))];

        Assert.That(files.Any(file => file.EndsWith("Errors.cs", StringComparison.Ordinal)), Is.True);
        Assert.That(outside, Is.Empty);
    }

    [Test]
    public void Catalogues_NameEachErrorOnce()
    {
        List<Type> catalogues = [.. SourceTree.Types(SourceTree.All).Where(type => type.Name.EndsWith("Errors", StringComparison.Ordinal) && type is { IsAbstract: true, IsSealed: true })];

        Assert.That(catalogues, Is.Not.Empty);
        foreach (Type catalogue in catalogues)
        {
            IEnumerable<XrpcError> errors = catalogue.GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => field.GetValue(null)).OfType<XrpcError>();
            Assert.That(errors.Select(error => (error.Name, error.Kind)), Is.Unique, catalogue.Name);
        }
    }

    private static string? KindOf(string lexicons, string nsid)
    {
        string file = Path.Combine(lexicons, Path.Combine(nsid.Split('.')) + ".json");
        if (!File.Exists(file))
        {
            return null;
        }

        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(file));
        return document.RootElement.GetProperty("defs").GetProperty("main").GetProperty("type").GetString();
    }

    [GeneratedRegex("""^\| `(?<method>[a-z]+\.[A-Za-z.]+)` \|(?: \w+ \|)? served \|""", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex ServedMethod();

    [GeneratedRegex("""new XrpcError\(|XrpcError\s+\w+\s*=\s*new\(\s*"|new\(new\("\w+",\s*XrpcErrorKind""")]
    private static partial Regex NewError();
}
