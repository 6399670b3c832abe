using MediatR;
using Pds.Application.Pipeline;
using Pds.Domain.Identifiers;

namespace Pds.Application.OAuth;

/// <summary>Takes access back from an application. With its last session the consent is forgotten, too: it will have to ask again.</summary>
/// <param name="Caller">Who asks.</param>
/// <param name="SessionId">The session; one that is not the caller's is no fault, and goes on.</param>
public sealed record DisconnectAppCommand(Caller Caller, string SessionId) : ICommand<Unit>, IAuthorizedRequest
{
    /// <inheritdoc/>
    public Permission Required => Permission.Full;
}

internal sealed class DisconnectAppHandler(IOAuthSessionStore sessions, IConsentStore consents) : IRequestHandler<DisconnectAppCommand, Unit>
{
    public async Task<Unit> Handle(DisconnectAppCommand command, CancellationToken cancellationToken)
    {
        Did did = command.Caller.Account!.Value;
        IReadOnlyList<OAuthSession> own = await sessions.ListAsync(did, cancellationToken);
        if (own.FirstOrDefault(session => session.Id == command.SessionId) is not { } ended)
        {
            return Unit.Value;
        }

        await sessions.RemoveAsync(ended.Id, cancellationToken);
        if (own.Count(session => session.ClientId == ended.ClientId) == 1)
        {
            await consents.RemoveAsync(did, ended.ClientId, cancellationToken);
        }

        return Unit.Value;
    }
}
