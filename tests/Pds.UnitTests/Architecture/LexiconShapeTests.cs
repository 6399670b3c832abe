using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc.Routing;
using Pds.Api.Xrpc;
using Pds.Application.Pipeline;

namespace Pds.UnitTests.Architecture;

/// <summary>Rule 6, second half: inputs and outputs have the published names, and nothing required is missing.</summary>
[Category(SharedData.Category)]
internal sealed class LexiconShapeTests
{
    private static readonly JsonNamingPolicy Names = JsonNamingPolicy.CamelCase;

    private static IEnumerable<TestCaseData> Inputs() =>
        from action in Actions()
        from parameter in action.Method.GetParameters()
        where parameter.IsDefined(typeof(XrpcBodyAttribute)) && parameter.ParameterType.Namespace?.StartsWith("Pds.Application", StringComparison.Ordinal) is true
        select new TestCaseData(action.Route, parameter.ParameterType).SetName($"Input_{action.Route}");

    private static IEnumerable<TestCaseData> Outputs() =>
        from action in Actions()
        let output = OutputOf(action.Route)
        where output?.Namespace?.StartsWith("Pds.Application", StringComparison.Ordinal) is true
        select new TestCaseData(action.Route, output).SetName($"Output_{action.Route}");

    private static IEnumerable<TestCaseData> ComparedInputs() => OrOneThatIsSkipped(Inputs());

    private static IEnumerable<TestCaseData> ComparedOutputs() => OrOneThatIsSkipped(Outputs());

    [TestCaseSource(nameof(ComparedInputs))]
    public void Input_HasTheLexiconsFields(string route, Type type) => Compare(route, "input", type);

    [TestCaseSource(nameof(ComparedOutputs))]
    public void Output_HasTheLexiconsFields(string route, Type type) => Compare(route, "output", type);

    [Test]
    public void Cases_WereFound() => Assert.Multiple(() =>
    {
        Assert.That(Inputs().Count(), Is.GreaterThan(10));
        Assert.That(Outputs().Count(), Is.GreaterThan(10));
    });

    private static IEnumerable<TestCaseData> OrOneThatIsSkipped(IEnumerable<TestCaseData> cases) =>
        SharedData.IsRequired || SharedData.Find("lexicons") is not null ? cases : [new TestCaseData("", typeof(object)).Ignore(SharedData.Missing("lexicons")).SetArgDisplayNames("lexicons")];

    private static void Compare(string route, string side, Type type)
    {
        JsonObject? schema = Resolve(route, Document(route)["defs"]!["main"]![side]?["schema"]);
        if (schema?["properties"] is not JsonObject properties)
        {
            return; // raw bytes, or a union that is judged elsewhere
        }

        string[] required = [.. schema["required"]?.AsArray().Select(name => name!.GetValue<string>()) ?? []];
        string[] names = [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(property => Names.ConvertName(property.Name))];
        Assert.Multiple(() =>
        {
            Assert.That(required.Except(names), Is.Empty, "required by the lexicon and missing");
            Assert.That(names.Except(properties.Select(property => property.Key)).Except(OursBeside(route)), Is.Empty, "not in the lexicon");
        });
    }

    /// <summary>Fields that the reference server has and the lexicon lacks.</summary>
    private static string[] OursBeside(string route) => route == "com.atproto.server.describeServer" ? ["blobUploadLimit"] : [];

    private static IEnumerable<(string Route, MethodInfo Method)> Actions() =>
        from type in SourceTree.Types(SourceTree.Api)
        where type.IsSubclassOf(typeof(XrpcController))
        from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
        from route in method.GetCustomAttributes<HttpMethodAttribute>()
        where route.Template is not null && !route.Template.StartsWith('_')
        select (route.Template, method);

    /// <summary>The output of the message that is named as the method.</summary>
    private static Type? OutputOf(string route)
    {
        string name = route[(route.LastIndexOf('.') + 1)..];
        string stem = char.ToUpperInvariant(name[0]) + name[1..];
        return SourceTree.Types(SourceTree.Application)
            .Where(type => type.Name == stem + "Command" || type.Name == stem + "Query")
            .SelectMany(type => type.GetInterfaces())
            .Where(type => type.IsGenericType && (type.GetGenericTypeDefinition() == typeof(ICommand<>) || type.GetGenericTypeDefinition() == typeof(IQuery<>)))
            .Select(type => type.GetGenericArguments()[0])
            .FirstOrDefault();
    }

    private static JsonObject Document(string nsid) =>
        JsonNode.Parse(File.ReadAllBytes(Path.Combine(SharedData.Require("lexicons"), Path.Combine(nsid.Split('.')) + ".json")))!.AsObject();

    private static JsonObject? Resolve(string nsid, JsonNode? schema)
    {
        if (schema?["ref"]?.GetValue<string>() is not { } reference)
        {
            return schema?.AsObject();
        }

        string[] parts = reference.Split('#');
        string document = parts[0].Length == 0 ? nsid : parts[0];
        return Resolve(document, Document(document)["defs"]![parts.Length > 1 ? parts[1] : "main"]);
    }
}
