using MediatR;
using Pds.Application.Accounts;
using Pds.Application.Pipeline;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;

namespace Pds.Application.OAuth;

/// <summary>Has a browser remember somebody who is here for certain: the account was made a moment ago, or the host vouches for it.</summary>
/// <param name="DeviceId">The browser.</param>
/// <param name="Account">The account.</param>
public sealed record RememberSignInCommand(string DeviceId, Did Account) : ICommand<Unit>, IAnonymousRequest;

internal sealed class RememberSignInHandler(IAccountStore accounts, IDeviceStore devices, TimeProvider time) : IRequestHandler<RememberSignInCommand, Unit>
{
    public async Task<Unit> Handle(RememberSignInCommand command, CancellationToken cancellationToken)
    {
        Account account = await accounts.FindAsync(new AtIdentifier(command.Account), cancellationToken)
            ?? throw new XrpcException(AuthErrors.AccountNotFound, "There is no such account on this server.");
        await devices.RememberAsync(command.DeviceId, SignInProof.Of(account), time.GetUtcNow(), cancellationToken);
        return Unit.Value;
    }
}
