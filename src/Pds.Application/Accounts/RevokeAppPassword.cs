using MediatR;
using Pds.Application.Pipeline;

namespace Pds.Application.Accounts;

/// <summary>Withdraws an app password and ends its sessions. Lexicon: <c>com.atproto.server.revokeAppPassword</c>.</summary>
[XrpcMethod("com.atproto.server.revokeAppPassword")]
[XrpcRestricted(MethodRestrictions.Protected)]
public sealed record RevokeAppPasswordCommand(Caller Caller, RevokeAppPasswordInput Input) : ICommand<Unit>, IAuthorizedRequest
{
    /// <inheritdoc/>
    public Permission Required => Permission.Standard;
}

/// <summary>Which one.</summary>
/// <param name="Name">Its name; an unknown one is no fault.</param>
public sealed record RevokeAppPasswordInput(string Name);

internal sealed class RevokeAppPasswordHandler(IAppPasswordStore passwords) : IRequestHandler<RevokeAppPasswordCommand, Unit>
{
    public async Task<Unit> Handle(RevokeAppPasswordCommand command, CancellationToken cancellationToken)
    {
        await passwords.RemoveAsync(command.Caller.Account!.Value, command.Input.Name, cancellationToken);
        return Unit.Value;
    }
}
