using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
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
        string[] faults = [.. Faults(route, Document(route)["defs"]!["main"]![side]?["schema"], type, side, [])];

        Assert.That(faults.Except(OursBeside(route).Select(name => $"{side} has {name}, which is not in the lexicon")), Is.Empty);
    }

    /// <summary>What is wrong with a type, its members and the members of its unions; a property that is left out of JSON for now counts, too.</summary>
    private static IEnumerable<string> Faults(string nsid, JsonNode? schema, Type type, string path, HashSet<Type> seen)
    {
        (string document, JsonObject? resolved) = Resolve(nsid, schema);
        Type bare = ElementOf(type);
        return (string?)resolved?["type"] switch
        {
            "array" => Faults(document, resolved["items"], bare, $"{path}[]", seen),
            "union" => FaultsOfUnion(document, resolved, bare, path, seen),
            "object" when bare.Namespace?.StartsWith("Pds.Application", StringComparison.Ordinal) is true && seen.Add(bare) => FaultsOfObject(document, resolved, bare, path, seen),
            _ => [],    // raw bytes, or a value whose form other tests compare
        };
    }

    private static IEnumerable<string> FaultsOfObject(string nsid, JsonObject schema, Type type, string path, HashSet<Type> seen)
    {
        JsonObject properties = schema["properties"]?.AsObject() ?? [];
        Dictionary<string, Type> members = type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .ToDictionary(property => Names.ConvertName(property.Name), property => property.PropertyType);
        IEnumerable<string> required = schema["required"]?.AsArray().Select(name => name!.GetValue<string>()) ?? [];
        return required.Except(members.Keys).Select(name => $"{path} lacks {name}")
            .Concat(members.Keys.Where(name => !properties.ContainsKey(name)).Select(name => $"{path} has {name}, which is not in the lexicon"))
            .Concat(members.Where(member => properties.ContainsKey(member.Key)).SelectMany(member => Faults(nsid, properties[member.Key], member.Value, $"{path}.{member.Key}", seen)));
    }

    private static IEnumerable<string> FaultsOfUnion(string nsid, JsonObject schema, Type type, string path, HashSet<Type> seen) =>
        from derived in type.GetCustomAttributes<JsonDerivedTypeAttribute>()
        let name = (string)derived.TypeDiscriminator!
        let reference = schema["refs"]!.AsArray().Select(item => (string)item!).FirstOrDefault(item => (item.StartsWith('#') ? nsid + item : item) == name)
        from fault in reference is null
            ? [$"{path} has the member {name}, which is not in the union"]
            : Faults(nsid, new JsonObject { ["type"] = "ref", ["ref"] = reference }, derived.DerivedType, $"{path}({name})", seen)
        select fault;

    private static Type ElementOf(Type type) => Nullable.GetUnderlyingType(type) is { } bare ? bare
        : type.IsGenericType && typeof(System.Collections.IEnumerable).IsAssignableFrom(type) ? type.GetGenericArguments()[^1]
        : type;

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

    private static (string Nsid, JsonObject? Schema) Resolve(string nsid, JsonNode? schema)
    {
        if (schema?["ref"]?.GetValue<string>() is not { } reference)
        {
            return (nsid, schema?.AsObject());
        }

        string[] parts = reference.Split('#');
        string document = parts[0].Length == 0 ? nsid : parts[0];
        return Resolve(document, Document(document)["defs"]![parts.Length > 1 ? parts[1] : "main"]);
    }
}
