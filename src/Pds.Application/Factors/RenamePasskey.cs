using MediatR;
using Pds.Application.Pipeline;
using Pds.Domain.Errors;

namespace Pds.Application.Factors;

/// <summary>Calls a passkey something else.</summary>
/// <param name="Caller">Whose account.</param>
/// <param name="Id">Which passkey.</param>
/// <param name="Name">The name, 1 to 64 characters.</param>
public sealed record RenamePasskeyCommand(Caller Caller, string Id, string Name) : ICommand<Unit>, IAuthorizedRequest
{
    /// <inheritdoc/>
    public Permission Required => Permission.Full with { RefuseTakendown = true };
}

internal sealed class RenamePasskeyHandler(IPasskeyStore passkeys) : IRequestHandler<RenamePasskeyCommand, Unit>
{
    public async Task<Unit> Handle(RenamePasskeyCommand command, CancellationToken cancellationToken)
    {
        string name = PasskeyName.Read(command.Name) ?? throw new XrpcException(RequestErrors.InvalidRequest, "A passkey needs a name.");
        _ = await passkeys.UpdateAsync(command.Caller.Account!.Value, command.Id, passkey => passkey with { Name = name }, cancellationToken)
            ?? throw new XrpcException(RequestErrors.InvalidRequest, "There is no such passkey any more.");
        return Unit.Value;
    }
}
