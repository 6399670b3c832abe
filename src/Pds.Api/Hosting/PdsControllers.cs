using System.Reflection;
using System.Reflection.Metadata;
using Microsoft.AspNetCore.Mvc.ApplicationParts;

namespace Pds.Api.Hosting;

/// <summary>Shows MVC the controllers of this assembly and nothing else of it.</summary>
/// <remarks>
/// The framework's part goes through all types, and loading the pages among them loads the framework behind them: time and memory of a server that may
/// never show a page. So names are read from the metadata, and only types whose names end in <c>Controller</c> are loaded.
/// </remarks>
internal sealed class PdsControllers : ApplicationPart, IApplicationPartTypeProvider
{
    private static readonly Assembly Ours = typeof(PdsControllers).Assembly;
    private readonly Lazy<TypeInfo[]> _types = new(() => [.. Names().Select(name => Ours.GetType(name, throwOnError: true)!.GetTypeInfo())]);

    public override string Name => Ours.GetName().Name!;

    public IEnumerable<TypeInfo> Types => _types.Value;

    /// <summary>Puts this part in the place of the framework's.</summary>
    public static void Add(ApplicationPartManager parts)
    {
        if (parts.ApplicationParts.OfType<PdsControllers>().Any())
        {
            return;
        }

        foreach (AssemblyPart whole in parts.ApplicationParts.OfType<AssemblyPart>().Where(part => part.Assembly == Ours).ToArray())
        {
            parts.ApplicationParts.Remove(whole);
        }

        parts.ApplicationParts.Add(new PdsControllers());
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
