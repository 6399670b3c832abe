using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Pds.Application.Accounts;
using Pds.Application.DependencyInjection;
using Pds.Application.Lexicons;
using Pds.Application.Repositories;
using Pds.Domain.Identifiers;

namespace Pds.Infrastructure.Lexicons;

/// <summary>Registers the resolution of published lexicons.</summary>
internal static class LexiconResolution
{
    public static PdsBuilder AddLexiconResolution(this PdsBuilder builder)
    {
        builder.Services.TryAddSingleton<OwnRecordLookup>(provider => ReadOwn(provider.GetRequiredService<IAccountStore>(), provider.GetRequiredService<IRecordStore>()));
        builder.Services.TryAddSingleton<LexiconResolver>();
        builder.Services.TryAddSingleton<LexiconFetch>(provider => provider.GetRequiredService<LexiconResolver>().FetchAsync);
        builder.Services.TryAddSingleton<ILexiconResolver, CachingLexiconResolver>();
        return builder;
    }

    private static OwnRecordLookup ReadOwn(IAccountStore accounts, IRecordStore records) => async (did, path, cancellationToken) =>
        await accounts.FindAsync(new AtIdentifier(did), cancellationToken) is { IsActive: true }
            ? (true, await records.FindAsync(did, path, cancellationToken))
            : (false, null);
}
