using MediatR;
using Pds.Application.Accounts;
using Pds.Application.Pipeline;
using Pds.Domain.Accounts;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;

namespace Pds.Application.Moderation;

/// <summary>Deletes an account at once, as its operator. Lexicon: <c>com.atproto.admin.deleteAccount</c>.</summary>
public sealed record RemoveAccountCommand(Caller Caller, RemoveAccountInput Input) : ICommand<Unit>, IAuditedRequest
{
    /// <inheritdoc/>
    public Permission Required => Permission.Admin;

    /// <inheritdoc/>
    public AuditNote Audit { get; } = new("com.atproto.admin.deleteAccount", Input.Did.ToString());
}

/// <summary>Which account.</summary>
/// <param name="Did">The account; an unknown one is refused, and nothing is announced.</param>
public sealed record RemoveAccountInput(Did Did);

internal sealed class RemoveAccountHandler(IAccountStore accounts) : IRequestHandler<RemoveAccountCommand, Unit>
{
    public async Task<Unit> Handle(RemoveAccountCommand command, CancellationToken cancellationToken) =>
        await accounts.DeleteAsync(command.Input.Did, _ => null, command.Audit, cancellationToken) ? Unit.Value : throw new XrpcException(AccountErrors.NotFound, "Account not found");
}
