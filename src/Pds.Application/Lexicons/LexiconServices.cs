using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Pds.Application.DependencyInjection;
using Pds.Application.Lexicons;
using Pds.Application.Repositories;
using Pds.Domain.Lexicons;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Which lexicons a server knows.</summary>
public static class LexiconServices
{
    /// <summary>Adds a lexicon: records of its type are checked when they are written. It takes the place of a built-in one.</summary>
    /// <param name="builder">What <c>AddPds</c> made.</param>
    /// <param name="json">The document. Faults show when the application starts, all in one message.</param>
    public static PdsBuilder AddLexicon(this PdsBuilder builder, string json)
    {
        builder.Services.AddSingleton(new AddedLexicon(json));
        return builder;
    }

    /// <summary>Adds every <c>*.json</c> of a directory and those below it, as <see cref="AddLexicon"/> does.</summary>
    /// <param name="builder">What <c>AddPds</c> made.</param>
    /// <param name="directory">The directory; it must exist when the application starts.</param>
    public static PdsBuilder AddLexicons(this PdsBuilder builder, string directory)
    {
        builder.Services.AddSingleton(new AddedLexiconDirectory(directory));
        return builder;
    }

    /// <summary>Adds the catalogue and what judges records by it.</summary>
    internal static IServiceCollection AddLexiconCatalogue(this IServiceCollection services)
    {
        services.TryAddSingleton<BuiltInLexicons>();
        services.TryAddSingleton<ForwardedInputs>();
        services.TryAddSingleton<AddedLexicons>();
        services.TryAddSingleton<LexiconCatalogue>();
        services.TryAddSingleton<ILexiconSource>(provider => provider.GetRequiredService<LexiconCatalogue>());
        services.TryAddSingleton<IRecordValidator, LexiconRecords>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<PdsOptions>, LexiconFaults>());
        return services;
    }
}
