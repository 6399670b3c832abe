using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Pds.Application.Pipeline;

namespace Pds.Application.DependencyInjection;

/// <summary>Composes a server: what stores it uses and what a host adds to it. Made by <c>AddPds</c>.</summary>
public sealed class PdsBuilder
{
    /// <summary>Creates a builder; hosts get theirs from <c>AddPds</c>.</summary>
    /// <param name="services">The host's services.</param>
    public PdsBuilder(IServiceCollection services) => Services = services;

    /// <summary>The host's services.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Adds a behavior inside telemetry, authorization and validation, right around the handler. Behaviors run in the order they were added.</summary>
    /// <param name="behavior">An open <c>IPipelineBehavior&lt;,&gt;</c> constrained to the messages it wants, or a closed one for a single message.</param>
    /// <exception cref="ArgumentException">It is no behavior, or fits no message of this server and would never run.</exception>
    public PdsBuilder AddBehavior(Type behavior)
    {
        foreach (ServiceDescriptor descriptor in Describe(behavior))
        {
            Services.Add(descriptor);
        }

        return this;
    }

    /// <summary>Adds a behavior around everything else: it sees refusals and callers who are not authorized. The last one added is outermost.</summary>
    /// <param name="behavior">As for <see cref="AddBehavior"/>.</param>
    /// <exception cref="ArgumentException">It is no behavior, or fits no message of this server and would never run.</exception>
    public PdsBuilder AddOuterBehavior(Type behavior)
    {
        foreach (ServiceDescriptor descriptor in Describe(behavior))
        {
            Services.Insert(0, descriptor);
        }

        return this;
    }

    private static List<ServiceDescriptor> Describe(Type behavior)
    {
        List<Type> pipes = [.. behavior.GetInterfaces().Where(IsBehavior)];
        if (pipes.Count == 0)
        {
            throw new ArgumentException($"{behavior.Name} does not implement IPipelineBehavior<,>.", nameof(behavior));
        }

        if (behavior.IsGenericTypeDefinition)
        {
            return BehaviorFit.AnyMessageFits(behavior)
                ? [ServiceDescriptor.Transient(typeof(IPipelineBehavior<,>), behavior)]
                : throw new ArgumentException($"{behavior.Name} fits no message of this server, so it would never run. Check its constraints.", nameof(behavior));
        }

        return pipes.TrueForAll(pipe => typeof(IPdsRequest).IsAssignableFrom(pipe.GenericTypeArguments[0]))
            ? [.. pipes.Select(pipe => ServiceDescriptor.Transient(pipe, behavior))]
            : throw new ArgumentException($"{behavior.Name} is for a message that is not of this server.", nameof(behavior));
    }

    private static bool IsBehavior(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IPipelineBehavior<,>);
}
