using MediatR;
using Pds.Application.Accounts;
using Pds.Application.Pipeline;

namespace Pds.Application.Factors;

/// <summary>Asks a browser to make a passkey for the caller.</summary>
/// <param name="Caller">Whose account.</param>
/// <param name="DeviceId">The browser.</param>
public sealed record BeginPasskeyCommand(Caller Caller, string DeviceId) : ICommand<PasskeyQuestion>, IAuthorizedRequest
{
    /// <inheritdoc/>
    public Permission Required => Permission.Full with { RefuseTakendown = true };
}

internal sealed class BeginPasskeyHandler(IAccountStore accounts, IPasskeyCeremonies ceremonies, PasskeyChallenges challenges)
    : IRequestHandler<BeginPasskeyCommand, PasskeyQuestion>
{
    public async Task<PasskeyQuestion> Handle(BeginPasskeyCommand command, CancellationToken cancellationToken)
    {
        Account account = await accounts.RequireOwnAsync(command.Caller, cancellationToken);
        var owner = new PasskeyOwner(PasskeyChallenges.UserHandleOf(account.Did), account.ShownHandle.ToString());
        return await challenges.AskAsync(await ceremonies.BeginRegistrationAsync(owner, cancellationToken), command.DeviceId, account.Did, cancellationToken);
    }
}
