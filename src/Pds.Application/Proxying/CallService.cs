using MediatR;
using Pds.Application.Accounts;
using Pds.Application.Lexicons;
using Pds.Application.Pipeline;
using Pds.Application.Settings;
using Pds.Domain.DataModel;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.Proxying;

namespace Pds.Application.Proxying;

/// <summary>Calls a method of another service in the name of the caller: whatever this server does not answer itself.</summary>
/// <param name="Caller">In whose name.</param>
/// <param name="Method">The method.</param>
/// <param name="Route">The service, by <see cref="ServiceRoutes.Find"/>.</param>
public sealed record CallServiceCommand(Caller Caller, Nsid Method, ServiceRoute Route) : ICommand<ServiceAnswer>, IAuthorizedRequest
{
    /// <summary>GET, HEAD or POST.</summary>
    public HttpMethod Verb { get; init; } = HttpMethod.Get;

    /// <summary>The query as the client wrote it, with its question mark; empty for none.</summary>
    public string Query { get; init; } = "";

    /// <summary>Headers that the service shall see, but for those of the body and <c>Accept-Encoding</c>.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>The client's <c>Accept-Encoding</c>.</summary>
    public string? AcceptEncoding { get; init; }

    /// <summary>The body; <see langword="null"/> for none.</summary>
    public ServiceCallBody? Body { get; init; }

    /// <summary>The body where it was read already, to be judged by the lexicon of the method before it is passed on; <see langword="null"/> for others.</summary>
    public DataMap? Input { get; init; }

    /// <summary>Whether it is a report to moderators. Default <see langword="false"/>.</summary>
    public bool IsReport { get; init; }

    /// <inheritdoc/>
    public Permission Required => Permission.CallService([.. MethodsOf(Method).Select(method => (Route.Reference.ToString(), method))]) with
    {
        // Whoever is taken down, or on the way out, may still complain.
        AllowTakendownSession = IsReport,
        RefuseTakendown = !IsReport,
        RefuseDeactivated = !IsReport,
    };

    private static Nsid[] MethodsOf(Nsid method) => method == FeedCalls.GetFeed ? [method, FeedCalls.GetFeedSkeleton] : [method];
}

internal sealed class CallServiceHandler(
    ServiceRoutes routes, SignedCalls calls, FeedCalls feeds, ReadAfterWrite readAfterWrite, ForwardedInputs inputs, RestrictedMethods restricted, ProxyingSettings options)
    : IRequestHandler<CallServiceCommand, ServiceAnswer>
{
    public async Task<ServiceAnswer> Handle(CallServiceCommand request, CancellationToken cancellationToken)
    {
        RequireOpen(request);
        RequireValid(request);
        Did issuer = request.Caller.Account!.Value;
        Uri endpoint = await routes.LocateAsync(request.Route, cancellationToken);
        bool isCompleted = request.Route == routes.AppView && ReadAfterWrite.AppliesTo(request.Method, request.Verb);
        string encodings = isCompleted
            ? ContentCodings.Negotiate(request.AcceptEncoding, options.PreferCompressed) ?? throw new XrpcException(ProxyErrors.NotAcceptable, "None of the content encodings is supported; gzip, deflate and br are.")
            : request.AcceptEncoding ?? "identity";
        var call = new ServiceCall(request.Verb, SignedCalls.AddressOf(endpoint, request.Method, request.Query))
        {
            Headers = [new("accept-encoding", encodings), .. request.Headers],
            Body = request.Input is { } input ? ServiceCallBody.Of(input) : request.Body,
        };
        string audience = calls.AudienceOf(request.Route.Reference);
        ServiceAnswer answer = request.Method == FeedCalls.GetFeed
            ? await feeds.SendAsync(call, issuer, endpoint, request.Query, cancellationToken)
            : await calls.SendAsync(call, issuer, audience, request.Method, cancellationToken);
        if (isCompleted)
        {
            answer = await readAfterWrite.CompleteAsync(answer, new AnsweredQuery(issuer, request.Method, request.Query, endpoint, audience), cancellationToken);
        }

        return await UpstreamRefusals.TranslateAsync(answer, cancellationToken);
    }

    private void RequireValid(CallServiceCommand request)
    {
        if (request.Input is { } input)
        {
            inputs.RequireInput(request.Method, input);
        }
        else if (request.Verb != HttpMethod.Post)
        {
            inputs.RequireParameters(request.Method, request.Query);
        }
    }

    private void RequireOpen(CallServiceCommand request)
    {
        string method = request.Method.ToString();
        bool isClosed = restricted.IsProtected(method)
            || (restricted.IsPrivileged(method) && request.Caller is Caller.Session { Scope: SessionScope.AppPass });
        if (isClosed)
        {
            throw new XrpcException(AuthErrors.InvalidToken, "Bad token method");
        }
    }
}
