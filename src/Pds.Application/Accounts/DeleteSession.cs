using MediatR;
using Pds.Application.Pipeline;
using Pds.Domain.Identifiers;

namespace Pds.Application.Accounts;

/// <summary>Signs out: the refresh token stops working, expired or not. Lexicon: <c>com.atproto.server.deleteSession</c>.</summary>
/// <param name="Token">The refresh token, which is the credential.</param>
[XrpcMethod("com.atproto.server.deleteSession")]
public sealed record DeleteSessionCommand(string Token) : ICommand<Unit>, IAnonymousRequest
{
    /// <summary>Nothing: the token is secret.</summary>
    public override string ToString() => nameof(DeleteSessionCommand);
}

internal sealed class DeleteSessionHandler(ISessionStore sessions, SessionTokens tokens) : IRequestHandler<DeleteSessionCommand, Unit>
{
    public async Task<Unit> Handle(DeleteSessionCommand command, CancellationToken cancellationToken)
    {
        (Did did, string id) = tokens.VerifyRefresh(command.Token, acceptExpired: true);
        await sessions.EndAsync(did, id, cancellationToken);
        return Unit.Value;
    }
}
