using Microsoft.Extensions.Primitives;
using Pds.Api.RateLimits;
using Pds.Api.Sync;
using Pds.Api.Xrpc;
using Pds.Domain.Errors;

namespace Pds.Api.Hosting;

/// <summary>The outermost layer of every endpoint of ours: CORS, caching headers, the bounds on what is under way, and an XRPC error for what escapes MVC. It replaces middleware, which would be the host's.</summary>
internal sealed class PdsEdge(IServiceProvider services, RateLimiter limiter, Capacity capacity, AnswerCompression compression, ILogger<PdsEdge> logger)
{
    private const string AllowedMethods = "GET,HEAD,PUT,PATCH,POST,DELETE";
    private const string PreflightSeconds = "86400";
    private const string VaryByCaller = $"Authorization, {AnswerCompression.Vary}";

    /// <summary>Wraps an endpoint.</summary>
    /// <param name="inner">What answers.</param>
    /// <param name="method">The XRPC method it serves; <see langword="null"/> for anything else.</param>
    /// <param name="isSubscription">Whether it answers over a WebSocket.</param>
    /// <param name="kind">What it takes much of; <see langword="null"/> for nothing in particular.</param>
    public RequestDelegate Around(RequestDelegate inner, XrpcMethod? method, bool isSubscription = false, CapacityKind? kind = null)
    {
        if (!isSubscription && method is not { IsUncompressed: true })
        {
            inner = compression.Around(inner);
        }

        // A health check must always be answered, and a subscription is one request however long it lasts; it has limits of its own.
        bool isCounted = !isSubscription && kind != CapacityKind.Nothing;
        RequestDelegate bounded = isCounted ? capacity.Around(inner, kind) : inner;
        RequestDelegate guarded = context => InvokeAsync(context, bounded, method, isCounted && method is { ReplacesGlobalLimit: false });
        return isSubscription
            ? new ApplicationBuilder(services).Use(HeldUpgrade.InstallAsync).UseWebSockets().Use(_ => guarded).Build()
            : guarded;
    }

    private async Task InvokeAsync(HttpContext context, RequestDelegate inner, XrpcMethod? method, bool isCounted)
    {
        IHeaderDictionary headers = context.Response.Headers;
        headers.AccessControlAllowOrigin = "*";
        if (HttpMethods.IsOptions(context.Request.Method))
        {
            AnswerPreflight(context);
            return;
        }

        if (method is not null)
        {
            SetCaching(headers, method);
        }

        try
        {
            if (isCounted)
            {
                limiter.CountRequest(context);
            }

            if (method is not null && XrpcPath.IsEscaped(context))
            {
                throw new XrpcException(RequestErrors.InvalidRequest, "invalid xrpc path");
            }

            await inner(context);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || context.RequestAborted.IsCancellationRequested)
        {
            await XrpcFault.AnswerAsync(context, exception, logger);
        }
    }

    private static void SetCaching(IHeaderDictionary headers, XrpcMethod method)
    {
        if (method.AnswersWithToken)
        {
            headers.CacheControl = "no-store";
        }
        else if (method.Authenticates)
        {
            headers.CacheControl = "private";
        }

        headers.Vary = method.Authenticates ? VaryByCaller : AnswerCompression.Vary;
    }

    private static void AnswerPreflight(HttpContext context)
    {
        IHeaderDictionary headers = context.Response.Headers;
        headers.AccessControlAllowMethods = AllowedMethods;
        headers.AccessControlMaxAge = PreflightSeconds;
        StringValues asked = context.Request.Headers.AccessControlRequestHeaders;
        if (asked.Count > 0)
        {
            headers.AccessControlAllowHeaders = asked;
            headers.Vary = "Access-Control-Request-Headers";
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }
}
