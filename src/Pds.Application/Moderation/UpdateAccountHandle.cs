using MediatR;
using Pds.Application.Accounts;
using Pds.Application.Pipeline;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;

namespace Pds.Application.Moderation;

/// <summary>Gives an account another handle, any valid one; with the same handle the identity is announced again. Lexicon: <c>com.atproto.admin.updateAccountHandle</c>.</summary>
public sealed record UpdateAccountHandleCommand(Caller Caller, UpdateAccountHandleInput Input) : ICommand<Unit>, IAuditedRequest
{
    /// <inheritdoc/>
    public Permission Required => Permission.Admin;

    /// <inheritdoc/>
    public AuditNote Audit { get; } = new("com.atproto.admin.updateAccountHandle", Input.Did.ToString(), Input.Handle);
}

/// <summary>Whose handle, and which.</summary>
/// <param name="Did">The account.</param>
/// <param name="Handle">As typed: a bad one has an error name of its own.</param>
public sealed record UpdateAccountHandleInput(Did Did, string Handle);

internal sealed class UpdateAccountHandleHandler(IAccountStore accounts, HandleChange change) : IRequestHandler<UpdateAccountHandleCommand, Unit>
{
    public async Task<Unit> Handle(UpdateAccountHandleCommand command, CancellationToken cancellationToken)
    {
        Account account = await accounts.FindAsync(new AtIdentifier(command.Input.Did), cancellationToken)
            ?? throw new XrpcException(RequestErrors.InvalidRequest, "Account not found");
        await change.ChangeAsync(account.Did, command.Input.Handle, byOperator: true, command.Audit, cancellationToken);
        return Unit.Value;
    }
}
