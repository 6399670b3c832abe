using MediatR;
using Pds.Application.Pipeline;
using Pds.Domain.Identifiers;

namespace Pds.Application.Factors;

/// <summary>Turns the authenticator app off, with its recovery codes; one that is off already is no fault.</summary>
/// <param name="Caller">Whose account.</param>
public sealed record RemoveAuthenticatorCommand(Caller Caller) : ICommand<Unit>, IAuthorizedRequest
{
    /// <inheritdoc/>
    public Permission Required => Permission.Full with { RefuseTakendown = true };
}

internal sealed class RemoveAuthenticatorHandler(IAuthenticatorStore authenticators, FactorMails mails) : IRequestHandler<RemoveAuthenticatorCommand, Unit>
{
    public async Task<Unit> Handle(RemoveAuthenticatorCommand command, CancellationToken cancellationToken)
    {
        Did did = command.Caller.Account!.Value;
        if (await authenticators.RemoveAsync(did, cancellationToken))
        {
            await mails.BeginAsync(FactorNotice.AuthenticatorRemoved, did, cancellationToken);
        }

        return Unit.Value;
    }
}
