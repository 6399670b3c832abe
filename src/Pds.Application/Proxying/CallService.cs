using MediatR;
using Pds.Application.Pipeline;
using Pds.Domain.Accounts;
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

    /// <inheritdoc/>
    public Permission Required => Permission.CallService([.. MethodsOf(Method).Select(method => (Route.Reference.ToString(), method))]) with
    {
        // Whoever is taken down, or on the way out, may still complain.
        AllowTakendownSession = IsReport,
        RefuseTakendown = !IsReport,
        RefuseDeactivated = !IsReport,
    };

    private bool IsReport => Method.ToString().Equals(DefaultServices.CreateReport, StringComparison.OrdinalIgnoreCase);

    private static Nsid[] MethodsOf(Nsid method) => method == FeedCalls.GetFeed ? [method, FeedCalls.GetFeedSkeleton] : [method];
}

internal sealed class CallServiceHandler(ServiceRoutes routes, SignedCalls calls, FeedCalls feeds)
    : IRequestHandler<CallServiceCommand, ServiceAnswer>
{
    public async Task<ServiceAnswer> Handle(CallServiceCommand request, CancellationToken cancellationToken)
    {
        RequireOpen(request);
        Did issuer = ((Caller.Session)request.Caller).Did;
        Uri endpoint = await routes.LocateAsync(request.Route, cancellationToken);
        var call = new ServiceCall(request.Verb, SignedCalls.AddressOf(endpoint, request.Method, request.Query))
        {
            Headers = [new("accept-encoding", request.AcceptEncoding ?? "identity"), .. request.Headers],
            Body = request.Body,
        };
        ServiceAnswer answer = request.Method == FeedCalls.GetFeed
            ? await feeds.SendAsync(call, issuer, endpoint, request.Query, cancellationToken)
            : await calls.SendAsync(call, issuer, calls.AudienceOf(request.Route.Reference), request.Method, cancellationToken);
        return await UpstreamRefusals.TranslateAsync(answer, cancellationToken);
    }

    private static void RequireOpen(CallServiceCommand request)
    {
        string method = request.Method.ToString();
        bool isClosed = RestrictedMethods.IsProtected(method)
            || (RestrictedMethods.IsPrivileged(method) && request.Caller is Caller.Session { Scope: SessionScope.AppPass });
        if (isClosed)
        {
            throw new XrpcException(AuthErrors.InvalidToken, "Bad token method");
        }
    }
}
