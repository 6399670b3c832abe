using MediatR;
using Pds.Application.Accounts;
using Pds.Application.Pipeline;
using Pds.Domain.OAuth;

namespace Pds.Application.Identity;

/// <summary>Gives the caller's account another handle. Lexicon: <c>com.atproto.identity.updateHandle</c>.</summary>
public sealed record UpdateHandleCommand(Caller Caller, UpdateHandleInput Input) : ICommand<Unit>, IAuthorizedRequest
{
    /// <inheritdoc/>
    public Permission Required => Permission.Standard with { RefuseTakendown = true, Scoped = [new ScopeDemand.Identity("handle")] };
}

/// <summary>The new handle.</summary>
/// <param name="Handle">As typed: a bad one has an error name of its own.</param>
public sealed record UpdateHandleInput(string Handle);

internal sealed class UpdateHandleHandler(HandleChange change) : IRequestHandler<UpdateHandleCommand, Unit>
{
    public async Task<Unit> Handle(UpdateHandleCommand command, CancellationToken cancellationToken)
    {
        await change.ChangeAsync(command.Caller.Account!.Value, command.Input.Handle, byOperator: false, audit: null, cancellationToken);
        return Unit.Value;
    }
}
