using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Pds.Application.Moderation;
using Pds.Application.Pipeline;
using Pds.Application.Server;
using Pds.Application.Settings;

namespace Pds.Application.Accounts;

/// <summary>Registers what the use cases of accounts share.</summary>
public static class AccountUseCases
{
    /// <summary>Adds tokens, checks and the ways into and out of an account; safe to call twice.</summary>
    /// <param name="services">The host's services.</param>
    public static IServiceCollection AddAccountUseCases(this IServiceCollection services)
    {
        services.TryAddSingleton<ServerIdentity>();
        services.TryAddSingleton<SessionTokens>();
        services.TryAddSingleton<ICallerAuthenticator, CallerAuthenticator>();
        services.TryAddSingleton<ServiceAuthTokens>();
        services.TryAddSingleton<WrongAttempts>();
        services.TryAddSingleton(provider => new OperatorAttempts(
            provider.GetRequiredService<WrongAttempts>(),
            provider.GetRequiredService<SignInSettings>(),
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
