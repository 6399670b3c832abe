using MediatR;
using Pds.Application.Pipeline;
using Pds.Domain.Accounts;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;

namespace Pds.Application.Accounts;

/// <summary>Exchanges a refresh token for the next pair of tokens. Lexicon: <c>com.atproto.server.refreshSession</c>.</summary>
/// <param name="Token">The refresh token, which is the credential.</param>
[XrpcMethod("com.atproto.server.refreshSession")]
public sealed record RefreshSessionCommand(string Token) : ICommand<SessionOutput>, IAnonymousRequest
{
    /// <summary>Nothing: the token is secret.</summary>
    public override string ToString() => nameof(RefreshSessionCommand);
}

internal sealed class RefreshSessionHandler(
    IAccountStore accounts, ISessionStore sessions, SessionTokens tokens, SessionAnswers answers, TimeProvider time)
    : IRequestHandler<RefreshSessionCommand, SessionOutput>
{
    public async Task<SessionOutput> Handle(RefreshSessionCommand command, CancellationToken cancellationToken)
    {
        (Did did, string id) = tokens.VerifyRefresh(command.Token, acceptExpired: false);
        Account account = await accounts.FindAsync(new AtIdentifier(did), cancellationToken)
            ?? throw new XrpcException(RequestErrors.InvalidRequest, $"Could not find user info for account: {did}");
        if (account.TakedownRef is not null)
        {
            throw new XrpcException(AuthErrors.AccountTakedown, "Account has been taken down");
        }

        SessionRotation rotation = await sessions.RotateAsync(id, SessionTokens.NewId(), time.GetUtcNow(), cancellationToken)
            ?? throw new XrpcException(AccountErrors.ExpiredToken, "Token has been revoked");
        string accessJwt = tokens.IssueAccess(did, CreateSessionHandler.ScopeOf(rotation.AppPassword), rotation.Successor.Id);
        return await answers.DescribeAsync(account, accessJwt, tokens.IssueRefresh(did, rotation.Successor.Id), cancellationToken);
    }
}
