using System.Diagnostics;
using MediatR;
using Pds.Domain.Errors;

namespace Pds.Application.Pipeline;

/// <summary>One span and one duration for each message, with its outcome: <c>ok</c>, the name of the refusal, or <c>fault</c>.</summary>
internal sealed class TelemetryBehavior<TRequest, TOutput>(PdsTelemetry telemetry, TimeProvider time) : IPipelineBehavior<TRequest, TOutput>
    where TRequest : IPdsRequest
{
    public Task<TOutput> Handle(TRequest request, RequestHandlerDelegate<TOutput> next, CancellationToken cancellationToken) =>
        telemetry.IsObserved ? ObserveAsync(next, cancellationToken) : next(cancellationToken);

    private async Task<TOutput> ObserveAsync(RequestHandlerDelegate<TOutput> next, CancellationToken cancellationToken)
    {
        string message = typeof(TRequest).Name;
        long start = time.GetTimestamp();
        string outcome = "ok";
        using Activity? activity = telemetry.Activities.StartActivity(message);
        try
        {
            return await next(cancellationToken);
        }
        catch (XrpcException refusal)
        {
            outcome = refusal.Error.Name;
            throw;
        }
        catch
        {
            outcome = "fault";
            activity?.SetStatus(ActivityStatusCode.Error);
            throw;
        }
        finally
        {
            activity?.SetTag("pds.outcome", outcome);
            telemetry.Record(message, outcome, time.GetElapsedTime(start));
        }
    }
}
