using MediatR;
using Pds.Application.Pipeline;
using Pds.Domain.OAuth;

namespace Pds.Application.Accounts;

/// <summary>Tells who is signed in. Lexicon: <c>com.atproto.server.getSession</c>.</summary>
[XrpcMethod("com.atproto.server.getSession")]
[XrpcRestricted(MethodRestrictions.Protected)]
public sealed record GetSessionQuery(Caller Caller) : IQuery<SessionInfo>, IAuthorizedRequest
{
    /// <inheritdoc/>
    public Permission Required => Permission.Standard with { AllowQueuedSession = true, Scoped = [] };
}

internal sealed class GetSessionHandler(IAccountStore accounts, SessionAnswers answers) : IRequestHandler<GetSessionQuery, SessionInfo>
{
    public async Task<SessionInfo> Handle(GetSessionQuery query, CancellationToken cancellationToken) =>
        Show(await answers.DescribeAsync(await accounts.RequireOwnAsync(query.Caller, cancellationToken), cancellationToken), query.Caller);

    /// <summary>The address is for clients that were granted it.</summary>
    private static SessionInfo Show(SessionInfo info, Caller caller) =>
        caller is Caller.OAuth client && !client.Scopes.Grants(new ScopeDemand.Account("email", Manage: false))
            ? info with { Email = null, EmailConfirmed = null, EmailAuthFactor = null }
            : info;
}
