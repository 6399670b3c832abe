using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Pds.Application.DependencyInjection;
using Pds.Application.Lexicons;

namespace Pds.Infrastructure.Lexicons;

/// <summary>Registers the resolution of published lexicons.</summary>
internal static class LexiconResolution
{
    public static PdsBuilder AddLexiconResolution(this PdsBuilder builder)
    {
        builder.Services.TryAddSingleton<LexiconResolver>();
        builder.Services.TryAddSingleton<LexiconFetch>(provider => provider.GetRequiredService<LexiconResolver>().FetchAsync);
        builder.Services.TryAddSingleton<ILexiconResolver, CachingLexiconResolver>();
        return builder;
    }
}
