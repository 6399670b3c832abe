using MediatR;
using Pds.Application.Pipeline;
using Pds.Domain.Identifiers;

namespace Pds.Application.Factors;

/// <summary>Removes a passkey; one that is not there is no fault.</summary>
/// <param name="Caller">Whose account.</param>
/// <param name="Id">Which passkey.</param>
public sealed record RemovePasskeyCommand(Caller Caller, string Id) : ICommand<Unit>, IAuthorizedRequest
{
    /// <inheritdoc/>
    public Permission Required => Permission.Full with { RefuseTakendown = true };
}

internal sealed class RemovePasskeyHandler(IPasskeyStore passkeys, FactorMails mails) : IRequestHandler<RemovePasskeyCommand, Unit>
{
    public async Task<Unit> Handle(RemovePasskeyCommand command, CancellationToken cancellationToken)
    {
        Did did = command.Caller.Account!.Value;
        if (await passkeys.UpdateAsync(did, command.Id, _ => null, cancellationToken) is { } removed)
        {
            await mails.BeginAsync(FactorNotice.PasskeyRemoved, did, cancellationToken, removed.Name);
        }

        return Unit.Value;
    }
}
