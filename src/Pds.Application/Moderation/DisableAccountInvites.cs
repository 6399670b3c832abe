using MediatR;
using Pds.Application.Accounts;
using Pds.Application.Pipeline;
using Pds.Domain.Identifiers;

namespace Pds.Application.Moderation;

/// <summary>Takes an account's right to give invite codes away. Lexicon: <c>com.atproto.admin.disableAccountInvites</c>.</summary>
public sealed record DisableAccountInvitesCommand(Caller Caller, AccountInvitesInput Input) : ICommand<Unit>, IAuditedRequest
{
    /// <inheritdoc/>
    public Permission Required => Permission.Admin;

    /// <inheritdoc/>
    public AuditNote Audit { get; } = new("com.atproto.admin.disableAccountInvites", Input.Account.ToString(), Input.Note);
}

/// <summary>Gives it back. Lexicon: <c>com.atproto.admin.enableAccountInvites</c>.</summary>
public sealed record EnableAccountInvitesCommand(Caller Caller, AccountInvitesInput Input) : ICommand<Unit>, IAuditedRequest
{
    /// <inheritdoc/>
    public Permission Required => Permission.Admin;

    /// <inheritdoc/>
    public AuditNote Audit { get; } = new("com.atproto.admin.enableAccountInvites", Input.Account.ToString(), Input.Note);
}

/// <summary>Whose right.</summary>
/// <param name="Account">The account.</param>
/// <param name="Note">Why; kept in the audit trail.</param>
public sealed record AccountInvitesInput(Did Account, string? Note = null);

internal sealed class DisableAccountInvitesHandler(IAccountStore accounts) : IRequestHandler<DisableAccountInvitesCommand, Unit>
{
    public async Task<Unit> Handle(DisableAccountInvitesCommand command, CancellationToken cancellationToken)
    {
        await accounts.ChangeAsync(command.Input.Account, account => account with { InvitesDisabled = true }, command.Audit, cancellationToken);
        return Unit.Value;
    }
}

internal sealed class EnableAccountInvitesHandler(IAccountStore accounts) : IRequestHandler<EnableAccountInvitesCommand, Unit>
{
    public async Task<Unit> Handle(EnableAccountInvitesCommand command, CancellationToken cancellationToken)
    {
        await accounts.ChangeAsync(command.Input.Account, account => account with { InvitesDisabled = false }, command.Audit, cancellationToken);
        return Unit.Value;
    }
}
