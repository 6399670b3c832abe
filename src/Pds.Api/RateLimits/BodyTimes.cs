using Pds.Api.Xrpc;
using Pds.Application.Settings;
using Pds.Domain.Errors;

namespace Pds.Api.RateLimits;

/// <summary>Ends requests whose bodies take too long in whole, however steadily they come or go.</summary>
/// <param name="options">How long that is.</param>
/// <param name="time">Measures it.</param>
internal sealed class BodyTimes(CapacitySettings options, TimeProvider time)
{
    private static readonly XrpcFault TooSlow = XrpcFault.Of(RequestErrors.RequestTimeout, "The request took too long.");

    /// <summary>Answers a request within the time: beyond it the work is cancelled, and the connection ends.</summary>
    public async Task RunAsync(HttpContext context, RequestDelegate next)
    {
        CancellationToken client = context.RequestAborted;
        using CancellationTokenSource limit = new(options.MaxBodyTime, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, client);
        context.RequestAborted = either.Token;
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !client.IsCancellationRequested)
        {
            // Answered below, like a cancellation that was answered already: nobody has heard of that.
        }

        context.RequestAborted = client;
        if (!limit.IsCancellationRequested || client.IsCancellationRequested)
        {
            return;
        }

        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }

        context.Response.Headers.Connection = "close";
        await TooSlow.WriteAsync(context);
    }
}
