using System.Collections.Frozen;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Pds.Application.DependencyInjection;
using Pds.Application.Moderation;
using Pds.Application.Pipeline;
using Pds.Application.Server;
using Pds.Domain.Accounts;
using Pds.Domain.Moderation;

namespace Pds.Application.Accounts;

/// <summary>Registers what the use cases of accounts share.</summary>
public static class AccountUseCases
{
    /// <summary>Adds tokens, checks and the ways into and out of an account; safe to call twice.</summary>
    /// <param name="services">The host's services.</param>
    public static IServiceCollection AddAccountUseCases(this IServiceCollection services)
    {
        services.AddOptions<AccountOptions>().Configure<IOptions<PdsOptions>>((rules, server) =>
        {
            if (server.Value.DisallowedWordsFile is { } file)
            {
                rules.DisallowedWords = DisallowedWords.Parse(File.ReadLines(file));
            }

            if (server.Value.ReservedHandlesFile is { } handles)
            {
                rules.ReservedHandles = WordList.Parse(File.ReadLines(handles)).ToFrozenSet(StringComparer.Ordinal);
            }

            if (server.Value.DisposableMailDomainsFile is { } domains)
            {
                rules.DisposableMailDomains = WordList.Parse(File.ReadLines(domains)).ToFrozenSet(StringComparer.Ordinal);
            }
        });
        services.TryAddSingleton<ServerIdentity>();
        services.TryAddSingleton<SessionTokens>();
        services.TryAddSingleton<ICallerAuthenticator, CallerAuthenticator>();
        services.TryAddSingleton<ServiceAuthTokens>();
        services.TryAddSingleton<WrongAttempts>();
        services.TryAddSingleton(provider => new OperatorAttempts(
            provider.GetRequiredService<WrongAttempts>(),
            provider.GetRequiredService<IOptions<AccountOptions>>(),
            provider.GetRequiredService<ILogger<OperatorAttempts>>()));
        services.TryAddSingleton<EmailTokens>();
        services.TryAddSingleton<AccountMails>();
        services.TryAddSingleton<SignInFactor>();
        services.TryAddSingleton<EvenPace>();
        services.TryAddSingleton<HandleCheck>();
        services.TryAddSingleton<HandleChange>();
        services.TryAddSingleton<SessionAnswers>();
        services.TryAddSingleton<PasswordShares>();
        services.TryAddSingleton<PasswordCheck>();
        services.TryAddSingleton<SignUpCheck>();
        services.TryAddSingleton<SignUpKeys>();
        services.TryAddSingleton<IdentityRegistration>();
        services.TryAddSingleton<AccountOpening>();
        services.TryAddSingleton<DidCheck>();
        services.TryAddSingleton<AccountActivation>();
        services.TryAddSingleton<AccountDeactivation>();
        services.TryAddSingleton<InviteIssue>();
        services.TryAddSingleton<SigningKeyRotation>();
        services.TryAddSingleton<AccountIdentities>();
        services.TryAddSingleton<AccountViews>();
        return services;
    }
}
