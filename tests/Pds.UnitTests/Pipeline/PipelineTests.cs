using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Pds.Application.DependencyInjection;
using Pds.Application.Moderation;
using Pds.Application.Pipeline;
using Pds.Application.Server;

namespace Pds.UnitTests.Pipeline;

internal sealed class PipelineTests
{
    [Test]
    public void Pipeline_Always_IsTelemetryAuthorizationValidationAudit() => Assert.That(
        ApplicationServices.Pipeline,
        Is.EqualTo(new[] { typeof(TelemetryBehavior<,>), typeof(AuthorizationBehavior<,>), typeof(ValidationBehavior<,>), typeof(AuditBehavior<,>) }));

    [Test]
    public void AddBehavior_AfterAndAround_KeepsTheOrder()
    {
        PdsBuilder builder = new PdsBuilder(new ServiceCollection()).AddApplication();

        builder.AddBehavior(typeof(InnerBehavior<,>)).AddOuterBehavior(typeof(OuterBehavior<,>));

        IEnumerable<Type?> order = builder.Services.Where(descriptor => descriptor.ServiceType == typeof(IPipelineBehavior<,>)).Select(descriptor => descriptor.ImplementationType);
        Assert.That(order, Is.EqualTo((Type[])[typeof(OuterBehavior<,>), .. ApplicationServices.Pipeline, typeof(InnerBehavior<,>)]));
    }

    [Test]
    public void AddBehavior_WhenNoMessageFits_Refuses() =>
        Assert.That(() => new PdsBuilder(new ServiceCollection()).AddBehavior(typeof(NeverBehavior<,>)), Throws.ArgumentException.With.Message.Contains("would never run"));

    [Test]
    public void AddBehavior_WhenItIsNone_Refuses() =>
        Assert.That(() => new PdsBuilder(new ServiceCollection()).AddBehavior(typeof(string)), Throws.ArgumentException);

    [Test]
    public void AddBehavior_WhenClosedOverOurMessage_IsRegisteredForIt()
    {
        PdsBuilder builder = new(new ServiceCollection());

        builder.AddBehavior(typeof(ClosedBehavior));

        Assert.That(builder.Services.Select(descriptor => descriptor.ServiceType), Is.EqualTo(new[] { typeof(IPipelineBehavior<DescribeServerQuery, DescribeServerOutput>) }));
    }

    [Test]
    public void AddBehavior_WhenClosedOverAForeignMessage_Refuses() =>
        Assert.That(() => new PdsBuilder(new ServiceCollection()).AddBehavior(typeof(ForeignBehavior)), Throws.ArgumentException);

    private sealed record ForeignMessage : IRequest<string>;

    private abstract class Passing<TRequest, TOutput> : IPipelineBehavior<TRequest, TOutput>
        where TRequest : notnull
    {
        public Task<TOutput> Handle(TRequest request, RequestHandlerDelegate<TOutput> next, CancellationToken cancellationToken) => next(cancellationToken);
    }

    private sealed class InnerBehavior<TRequest, TOutput> : Passing<TRequest, TOutput>
        where TRequest : IPdsRequest;

    private sealed class OuterBehavior<TRequest, TOutput> : Passing<TRequest, TOutput>
        where TRequest : IRequest<TOutput>, IPdsRequest;

    private sealed class NeverBehavior<TRequest, TOutput> : Passing<TRequest, TOutput>
        where TRequest : IPdsRequest, IDisposable;

    private sealed class ClosedBehavior : Passing<DescribeServerQuery, DescribeServerOutput>;

    private sealed class ForeignBehavior : Passing<ForeignMessage, string>;
}
