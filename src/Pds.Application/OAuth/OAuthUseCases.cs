using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Pds.Application.OAuth;

/// <summary>Registers what the use cases of OAuth share.</summary>
public static class OAuthUseCases
{
    /// <summary>The signature algorithms that clients may use for proofs and assertions.</summary>
    public static IReadOnlyList<string> Algorithms => SignedJson.Algorithms;

    /// <summary>Adds clients, proofs, tokens and the way through the pages; safe to call twice.</summary>
    /// <param name="services">The host's services.</param>
    public static IServiceCollection AddOAuthUseCases(this IServiceCollection services)
    {
        services.TryAddSingleton<DpopNonces>();
        services.TryAddSingleton<DpopProofs>();
        services.TryAddSingleton<OAuthTokens>();
        services.TryAddSingleton<OAuthClients>();
        services.TryAddSingleton<RequestObjects>();
        services.TryAddSingleton<PermissionSets>();
        services.TryAddSingleton<ConsentCheck>();
        services.TryAddSingleton<AuthorizationAnswers>();
        services.TryAddSingleton<AuthorizationFlow>();
        services.TryAddSingleton<BrowserSignIn>();
        services.TryAddSingleton<TokenAnswers>();
        services.TryAddSingleton<CodeExchange>();
        services.TryAddSingleton<RefreshExchange>();
        services.TryAddSingleton(provider => new DpopCredentials(
            provider.GetRequiredService<DpopProofs>(),
            provider.GetRequiredService<OAuthTokens>(),
            provider.GetRequiredService<IOAuthSessionStore>(),
            provider.GetRequiredService<TimeProvider>()));
        return services;
    }
}
