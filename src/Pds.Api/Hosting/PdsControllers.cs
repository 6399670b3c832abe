using System.Reflection;
using System.Reflection.Metadata;
using Microsoft.AspNetCore.Mvc.ApplicationParts;
using Microsoft.AspNetCore.Mvc.Controllers;

namespace Pds.Api.Hosting;

/// <summary>Shows MVC the controllers of this assembly, which are internal: the framework's own provider takes public ones only. A host's controllers are found by that one.</summary>
/// <remarks>
/// An assembly part goes through all types, and loading the pages among them loads the framework behind them: time and memory of a server that may
/// never show a page. So names are read from the metadata, and only types whose names end in <c>Controller</c> are loaded.
/// </remarks>
internal sealed class PdsControllers : IApplicationFeatureProvider<ControllerFeature>
{
    private static readonly Assembly Ours = typeof(PdsControllers).Assembly;

    /// <summary>Puts this provider in the place of the part that the framework made of this assembly.</summary>
    public static void Add(ApplicationPartManager parts)
    {
        foreach (AssemblyPart whole in parts.ApplicationParts.OfType<AssemblyPart>().Where(part => part.Assembly == Ours).ToArray())
        {
            parts.ApplicationParts.Remove(whole);
        }

        if (!parts.FeatureProviders.OfType<PdsControllers>().Any())
        {
            parts.FeatureProviders.Add(new PdsControllers());
        }
    }

    public void PopulateFeature(IEnumerable<ApplicationPart> parts, ControllerFeature feature)
    {
        foreach (TypeInfo controller in Names().Select(name => Ours.GetType(name, throwOnError: true)!.GetTypeInfo()))
        {
            if (!controller.IsAbstract)
            {
                feature.Controllers.Add(controller);
            }
        }
    }

    private static unsafe List<string> Names()
    {
        if (!Ours.TryGetRawMetadata(out byte* metadata, out int length))
        {
            return [.. Ours.DefinedTypes.Select(type => type.FullName!).Where(IsController)];
        }

        MetadataReader reader = new(metadata, length);
        List<string> names = [];
        foreach (TypeDefinitionHandle handle in reader.TypeDefinitions)
        {
            TypeDefinition type = reader.GetTypeDefinition(handle);
            if (!type.IsNested && IsController(reader.GetString(type.Name)))
            {
                names.Add($"{reader.GetString(type.Namespace)}.{reader.GetString(type.Name)}");
            }
        }

        return names;
    }

    private static bool IsController(string name) => name.EndsWith("Controller", StringComparison.Ordinal);
}
