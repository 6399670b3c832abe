using MediatR;
using Pds.Application.Pipeline;
using Pds.Domain.OAuth;

namespace Pds.Application.OAuth;

/// <summary>Lists the applications that the caller has given access.</summary>
public sealed record ListConnectedAppsQuery(Caller Caller) : IQuery<ListConnectedAppsOutput>, IAuthorizedRequest
{
    /// <inheritdoc/>
    public Permission Required => Permission.Full;
}

/// <summary>The applications.</summary>
/// <param name="Apps">One for each session, latest first.</param>
public sealed record ListConnectedAppsOutput(IReadOnlyList<ConnectedApp> Apps);

/// <summary>A session of an application.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="ClientId">The application: a URL.</param>
/// <param name="Host">Where it is.</param>
/// <param name="Scopes">What it may do.</param>
/// <param name="ConnectedAt">When it was given access.</param>
/// <param name="UsedAt">When it last renewed its access, which it does at least every quarter of an hour of use.</param>
public sealed record ConnectedApp(string SessionId, string ClientId, string Host, ScopeSet Scopes, DateTimeOffset ConnectedAt, DateTimeOffset UsedAt);

internal sealed class ListConnectedAppsHandler(IOAuthSessionStore sessions, TimeProvider time) : IRequestHandler<ListConnectedAppsQuery, ListConnectedAppsOutput>
{
    public async Task<ListConnectedAppsOutput> Handle(ListConnectedAppsQuery query, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        IReadOnlyList<OAuthSession> all = await sessions.ListAsync(query.Caller.Account!.Value, cancellationToken);
        return new ListConnectedAppsOutput([.. all.Where(session => session.ExpiresAt > now).OrderByDescending(session => session.UpdatedAt).Select(Describe)]);
    }

    private static ConnectedApp Describe(OAuthSession session) =>
        new(session.Id, session.ClientId, HostOf(session.ClientId), ScopeSet.Parse(session.Scope), session.CreatedAt, session.UpdatedAt);

    private static string HostOf(string clientId) =>
        !ClientId.IsLoopback(clientId) && Uri.TryCreate(clientId, UriKind.Absolute, out Uri? address) ? address.Authority : "localhost";
}
