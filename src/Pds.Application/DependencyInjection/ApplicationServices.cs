using System.Security.Cryptography;
using FluentValidation;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Pds.Application.Moderation;
using Pds.Application.Pipeline;
using Pds.Application.Repositories;
using Pds.Application.Server;
using Pds.Application.Settings;
using Pds.Application.Sync;
using Pds.Domain.Identifiers;

namespace Pds.Application.DependencyInjection;

/// <summary>Registers the use cases and what surrounds them.</summary>
public static class ApplicationServices
{
    /// <summary>The way of a message to its handler. After these come the host's own behaviors, in order of registration.</summary>
    internal static readonly Type[] Pipeline =      // outermost first
    [
        typeof(TelemetryBehavior<,>),               // span, duration, outcome; sees refusals too
        typeof(AuthorizationBehavior<,>),           // before validation: strangers learn nothing
        typeof(ValidationBehavior<,>),
        typeof(AuditBehavior<,>),                   // acts of operators that got so far, with their outcome
    ];

    private const int ClockIds = 1024;

    /// <summary>Adds messages, handlers, validators and the pipeline. <c>AddPds</c> calls it.</summary>
    /// <param name="builder">What <c>AddPds</c> made.</param>
    public static PdsBuilder AddApplication(this PdsBuilder builder)
    {
        IServiceCollection services = builder.Services;
        services.AddMediatR(mediatr => mediatr.RegisterServicesFromAssembly(typeof(ApplicationServices).Assembly));
        foreach (Type behavior in Pipeline)
        {
            services.AddTransient(typeof(IPipelineBehavior<,>), behavior);
        }

        AddValidators(services);
        services.AddMetrics();
        services.TryAddSingleton<PdsTelemetry>();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => new TidClock(provider.GetRequiredService<TimeProvider>(), RandomNumberGenerator.GetInt32(ClockIds)));
        services.TryAddSingleton<DescribedServer>();
        services.TryAddSingleton<JetstreamFeed>();
        services.AddLexiconCatalogue();
        services.TryAddSingleton<RecordPreparation>();
        services.TryAddSingleton<ProfileUpgrade>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<PdsOptions>, PdsOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<PdsOptions>, WordListFiles>());
        services.AddOptions<PdsOptions>().ValidateOnStart();
        services.AddSettings();
        return builder;
    }

    /// <summary>By hand: the package that scans for validators would be one more dependency for ten lines.</summary>
    private static void AddValidators(IServiceCollection services)
    {
        foreach (Type type in typeof(ApplicationServices).Assembly.GetTypes())
        {
            Type? validated = type is { IsClass: true, IsAbstract: false, ContainsGenericParameters: false }
                ? Array.Find(type.GetInterfaces(), candidate => candidate.IsGenericType && candidate.GetGenericTypeDefinition() == typeof(IValidator<>))
                : null;
            if (validated is not null)
            {
                services.AddSingleton(validated, type);
            }
        }
    }
}
