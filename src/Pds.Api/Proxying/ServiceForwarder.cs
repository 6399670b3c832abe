using MediatR;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Pds.Api.Authentication;
using Pds.Api.RateLimits;
using Pds.Api.Xrpc;
using Pds.Application.Accounts;
using Pds.Application.Pipeline;
using Pds.Application.Proxying;
using Pds.Application.Settings;
using Pds.Domain.DataModel;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.Proxying;

namespace Pds.Api.Proxying;

/// <summary>Passes requests on to other services, streamed both ways (spec 04 §7).</summary>
internal sealed class ServiceForwarder(ServiceRoutes routes, CallerReader callers, RestrictedMethods restricted, Capacity capacity, CapacitySettings options, TimeProvider time)
{
    /// <summary>Header by which clients name the service they want.</summary>
    public const string TargetHeader = "atproto-proxy";

    private const string OwnPrefix = "x-atproto-";
    private static readonly string[] PassedOn = ["accept-language", "atproto-accept-labelers", "x-bsky-topics"];
    private static readonly string[] PassedOnWithBody = ["content-type", "content-encoding"];

    /// <summary>Whether a request must leave this server even though it has the method: another service is named, or there is no AppView whose method it would be.</summary>
    public bool IsElsewhere(HttpRequest request) =>
        routes.AppView is not { } appView || (TargetOf(request) is { Length: > 0 } target && target != appView.Reference.ToString());

    /// <summary>Passes a request on and answers with what comes back.</summary>
    /// <param name="context">The request.</param>
    /// <param name="name">The method, as the client wrote it.</param>
    /// <exception cref="XrpcException">What the client did wrong, or UpstreamFailure.</exception>
    public async Task ForwardAsync(HttpContext context, string name)
    {
        string verb = context.Request.Method;
        if (!HttpMethods.IsGet(verb) && !HttpMethods.IsHead(verb) && !HttpMethods.IsPost(verb))
        {
            throw new XrpcException(RequestErrors.InvalidRequest, "XRPC requests only supports GET and POST");
        }

        if (!Nsid.TryParse(name, out Nsid method))
        {
            throw ServiceRoutes.NotConfigured(name);
        }

        if (restricted.IsProtected(name))
        {
            throw new XrpcException(AuthErrors.InvalidToken, "Bad token method");
        }

        ServiceRoute route = routes.Find(method, TargetOf(context.Request));
        RequireVerb(name, verb);
        if (!HttpMethods.IsPost(verb) && HasBody(context.Request))
        {
            throw new XrpcException(RequestErrors.InvalidRequest, "A request body was provided when none was expected");
        }

        await capacity.ForwardAsync(context, async _ =>
        {
            Caller caller = await AuthenticateAsync(context, name);
            using PacedBody? body = HttpMethods.IsPost(verb) ? new(context.Request.Body, options.MinBodyRate, time, context.RequestAborted) : null;
            await CallAsync(context, Describe(context.Request, body, caller, method, route));
        });
    }

    /// <summary>Passes on a report to moderators, whose input was read already, and answers with what comes back.</summary>
    /// <param name="context">The request.</param>
    /// <param name="caller">In whose name.</param>
    /// <param name="method">The method.</param>
    /// <param name="input">Its input.</param>
    /// <exception cref="XrpcException">What the client did wrong, or UpstreamFailure.</exception>
    public async Task ForwardReportAsync(HttpContext context, Caller caller, Nsid method, DataMap input)
    {
        ServiceRoute route = routes.Find(method, TargetOf(context.Request), ServiceKind.Reports);
        DependOnCaller(context.Response);
        await capacity.ForwardAsync(context, _ => CallAsync(context, Describe(context.Request, body: null, caller, method, route) with { Input = input, IsReport = true }));
    }

    private static string? TargetOf(HttpRequest request) => request.Headers[TargetHeader].ToString();

    private ValueTask<Caller> AuthenticateAsync(HttpContext context, string name)
    {
        DependOnCaller(context.Response);
        return callers.ReadAsync(context, new CalledMethod(name, CallerKinds.Account, HttpMethods.IsPost(context.Request.Method)), isOptional: false);
    }

    private static void DependOnCaller(HttpResponse response)
    {
        response.Headers.CacheControl = "private";
        response.Headers.Vary = $"Authorization, {AnswerCompression.Vary}";
    }

    private static async Task CallAsync(HttpContext context, CallServiceCommand command)
    {
        IMediator mediator = context.RequestServices.GetRequiredService<IMediator>();
        await using ServiceAnswer answer = await mediator.Send(command, context.RequestAborted);
        await ServiceAnswerResult.WriteAsync(context, answer);
    }

    private static void RequireVerb(string name, string verb)
    {
        if (AppViewQueries.IsKnown(name) && !HttpMethods.IsGet(verb) && !HttpMethods.IsHead(verb))
        {
            throw new XrpcException(RequestErrors.InvalidRequest, $"Incorrect HTTP method ({verb}) expected {HttpMethods.Get}");
        }
    }

    private static CallServiceCommand Describe(HttpRequest request, Stream? body, Caller caller, Nsid method, ServiceRoute route) => new(caller, method, route)
    {
        Verb = HttpMethod.Parse(request.Method),
        Query = request.QueryString.Value ?? "",
        Headers = [.. Select(request.Headers, PassedOn), .. request.Headers.Where(IsOwn).Select(header => new KeyValuePair<string, string>(header.Key, header.Value.ToString()))],
        AcceptEncoding = request.Headers.AcceptEncoding.Count > 0 ? request.Headers.AcceptEncoding.ToString() : null,
        Body = body is not null
            ? new ServiceCallBody(body, HasBody(request) ? request.ContentLength : 0, [.. Select(request.Headers, PassedOnWithBody)])
            : null,
    };

    private static bool IsOwn(KeyValuePair<string, StringValues> header) => header.Key.StartsWith(OwnPrefix, StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<KeyValuePair<string, string>> Select(IHeaderDictionary headers, string[] names) =>
        from name in names
        where headers.ContainsKey(name)
        select new KeyValuePair<string, string>(name, headers[name].ToString());

    private static bool HasBody(HttpRequest request) =>
        request.ContentLength is > 0 || (request.ContentLength is null && request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody is true);
}
