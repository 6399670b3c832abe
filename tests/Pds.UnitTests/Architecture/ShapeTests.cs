using System.Reflection;
using System.Runtime.CompilerServices;
using FluentValidation;
using MediatR;
using Microsoft.EntityFrameworkCore;
using Pds.Application.Pipeline;

namespace Pds.UnitTests.Architecture;

/// <summary>Rules 2, 3 and 4: what is internal, what is a record, and that every message states its access.</summary>
internal sealed class ShapeTests
{
    private static readonly Type[] Messages = [.. SourceTree.Types(SourceTree.Application, SourceTree.Infrastructure, SourceTree.Api)
        .Where(type => type is { IsClass: true, IsAbstract: false } && typeof(IPdsRequest).IsAssignableFrom(type))];

    [Test]
    public void HandlersValidatorsAndBehaviors_AreInternalAndSealed()
    {
        List<Type> types = [.. SourceTree.Types(SourceTree.All).Where(type => type is { IsClass: true, IsAbstract: false }
            && (type.Implements(typeof(IRequestHandler<,>)) || type.Implements(typeof(IValidator<>)) || type.Implements(typeof(IPipelineBehavior<,>))))];

        Assert.That(types, Is.Not.Empty);
        Assert.That(types.Where(type => type.IsPublic || !type.IsSealed), Is.Empty);
    }

    [Test]
    public void Rows_AreInternalAndSealed()
    {
        List<Type> rows = [.. SourceTree.Types(SourceTree.Infrastructure).Where(type => type.Name.EndsWith("Row", StringComparison.Ordinal) || type.Implements(typeof(IEntityTypeConfiguration<>)))];

        Assert.That(rows, Is.Not.Empty);
        Assert.That(rows.Where(type => type.IsPublic || !type.IsSealed), Is.Empty);
    }

    [Test]
    public void MessagesInputsAndOutputs_AreSealedRecordsWithoutSetters()
    {
        List<Type> types = [.. Messages, .. SourceTree.Types(SourceTree.Application).Where(type => type.IsClass && !type.IsAbstract
            && (type.Name.EndsWith("Input", StringComparison.Ordinal) || type.Name.EndsWith("Output", StringComparison.Ordinal)))];

        Assert.That(types, Is.Not.Empty);
        Assert.That(types.Where(type => !type.IsSealed || !IsRecord(type) || HasSetter(type)), Is.Empty);
    }

    [Test]
    public void Messages_HaveExactlyOneHandler()
    {
        ILookup<Type, Type> handlers = SourceTree.Types(SourceTree.Application)
            .SelectMany(type => type.GetInterfaces()
                .Where(candidate => candidate.IsGenericType && candidate.GetGenericTypeDefinition() == typeof(IRequestHandler<,>))
                .Select(candidate => (Message: candidate.GenericTypeArguments[0], Handler: type)))
            .ToLookup(pair => pair.Message, pair => pair.Handler);

        Assert.That(Messages, Is.Not.Empty);
        Assert.That(Messages.Where(message => handlers[message].Count() != 1), Is.Empty);
    }

    [Test]
    public void Messages_StateTheirAccess()
    {
        Assert.That(Messages, Is.Not.Empty);
        Assert.That(Messages.Where(message => typeof(IAuthorizedRequest).IsAssignableFrom(message) == typeof(IAnonymousRequest).IsAssignableFrom(message)), Is.Empty);
    }

    [Test]
    public void Handlers_TakeNoMediator()
    {
        List<ParameterInfo> parameters = [.. SourceTree.Types(SourceTree.Application)
            .Where(type => type.Implements(typeof(IRequestHandler<,>)))
            .SelectMany(type => type.GetConstructors(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance))
            .SelectMany(constructor => constructor.GetParameters())];

        Assert.That(parameters, Is.Not.Empty);
        Assert.That(parameters.Where(parameter => typeof(ISender).IsAssignableFrom(parameter.ParameterType)), Is.Empty);
    }

    [Test]
    public void Handlers_TakeNoHandlersOrRowsOfOthers()
    {
        List<Type> taken = [.. SourceTree.Types(SourceTree.Application)
            .Where(type => type.Implements(typeof(IRequestHandler<,>)))
            .SelectMany(type => type.GetConstructors(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance))
            .SelectMany(constructor => constructor.GetParameters())
            .Select(parameter => parameter.ParameterType)];

        Assert.That(taken, Is.Not.Empty);
        Assert.That(taken.Where(type => type.Implements(typeof(IRequestHandler<,>))), Is.Empty);
    }

    [Test]
    public void PortsOfTheApplication_AreImplementedInInfrastructure()
    {
        Type[] answeredElsewhere = [typeof(IPdsRequest), typeof(IAuthorizedRequest), typeof(IAnonymousRequest), typeof(ICommand<>), typeof(IQuery<>)];
        List<Type> ports = [.. SourceTree.Types(SourceTree.Application).Where(type => type is { IsInterface: true, IsPublic: true }).Except(answeredElsewhere)];
        Type[] classes = [.. SourceTree.Types(SourceTree.Infrastructure, SourceTree.Application).Where(type => type.IsClass), .. NeedAspNetCore];

        Assert.That(ports, Is.Not.Empty);
        Assert.That(ports.Where(port => !Array.Exists(classes, type => type.Implements(port))).Select(port => port.Name), Is.SubsetOf(OptionalPorts));
    }

    [Test]
    public void OtherInterfaces_HaveMoreThanOneImplementation()
    {
        List<Type> inner = [.. SourceTree.Types(SourceTree.All).Where(type => type is { IsInterface: true, IsPublic: false, IsNested: false })];
        Type[] types = [.. SourceTree.Types(SourceTree.All).Where(type => !type.IsInterface)];

        Assert.That(inner.Where(one => types.Count(type => type.Implements(one)) == 1), Is.Empty);
    }

    /// <summary>Adapters of what only ASP.NET Core has, so they lie where that may be used.</summary>
    private static readonly Type[] NeedAspNetCore = [typeof(Pds.Api.Factors.PasskeyCeremonies)];

    /// <summary>Ports that only a host, or nobody, need fill.</summary>
    private static readonly string[] OptionalPorts = ["IRecordWriteCommand"];

    private static bool IsRecord(Type type) => type.GetMethod("<Clone>$") is not null;

    private static bool HasSetter(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Any(property => property.SetMethod is { IsPublic: true } setter && !setter.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)));
}
