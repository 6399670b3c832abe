using MediatR;
using Pds.Application.Pipeline;

namespace Pds.Application.Accounts;

/// <summary>Tells who is signed in. Lexicon: <c>com.atproto.server.getSession</c>.</summary>
public sealed record GetSessionQuery(Caller Caller) : IQuery<SessionInfo>, IAuthorizedRequest
{
    /// <inheritdoc/>
    public Permission Required => Permission.Standard with { AllowQueuedSession = true };
}

internal sealed class GetSessionHandler(IAccountStore accounts, SessionAnswers answers) : IRequestHandler<GetSessionQuery, SessionInfo>
{
    public async Task<SessionInfo> Handle(GetSessionQuery query, CancellationToken cancellationToken) =>
        await answers.DescribeAsync(await accounts.RequireOwnAsync(query.Caller, cancellationToken), cancellationToken);
}
