using MediatR;
using Pds.Application.Pipeline;

namespace Pds.Application.DependencyInjection;

/// <summary>Whether the container would ever run an open behavior: it skips those whose constraints a message does not meet, in silence.</summary>
internal static class BehaviorFit
{
    public static bool AnyMessageFits(Type openBehavior)
    {
        Type[] parameters = openBehavior.GetGenericArguments();
        return parameters.Length != 2
            || Messages(openBehavior).Any(message => Fits(parameters[0], message.Type, message) && Fits(parameters[1], message.Output, message));

        bool Fits(Type parameter, Type argument, (Type Type, Type Output) message) =>
            Array.TrueForAll(parameter.GetGenericParameterConstraints(), constraint => Meets(constraint, argument, parameters, message));
    }

    private static bool Meets(Type constraint, Type argument, Type[] parameters, (Type Type, Type Output) message)
    {
        if (!constraint.ContainsGenericParameters)
        {
            return constraint.IsAssignableFrom(argument);
        }

        // IRequest<TOutput> and the like: the parameters stand for the message and what it answers with.
        Type[] arguments = Array.ConvertAll(constraint.GenericTypeArguments, type => type == parameters[0] ? message.Type : type == parameters[1] ? message.Output : type);
        return Array.Exists(arguments, type => type.ContainsGenericParameters)
            || constraint.GetGenericTypeDefinition().MakeGenericType(arguments).IsAssignableFrom(argument);
    }

    /// <summary>Ours, and those a host defines in the assembly of its behavior.</summary>
    private static IEnumerable<(Type Type, Type Output)> Messages(Type behavior) =>
        from assembly in new[] { typeof(IPdsRequest).Assembly, behavior.Assembly }.Distinct()
        from type in assembly.GetTypes()
        where type is { IsClass: true, IsAbstract: false, ContainsGenericParameters: false } && typeof(IPdsRequest).IsAssignableFrom(type)
        from request in type.GetInterfaces()
        where request.IsGenericType && request.GetGenericTypeDefinition() == typeof(IRequest<>)
        select (type, request.GenericTypeArguments[0]);
}
