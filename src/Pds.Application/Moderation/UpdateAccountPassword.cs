using MediatR;
using Pds.Application.Accounts;
using Pds.Application.Pipeline;
using Pds.Domain.Identifiers;

namespace Pds.Application.Moderation;

/// <summary>Sets an account's password and ends its sessions. Lexicon: <c>com.atproto.admin.updateAccountPassword</c>.</summary>
public sealed record UpdateAccountPasswordCommand(Caller Caller, UpdateAccountPasswordInput Input) : ICommand<Unit>, IAuditedRequest
{
    /// <inheritdoc/>
    public Permission Required => Permission.Admin;

    /// <inheritdoc/>
    public AuditNote Audit { get; } = new("com.atproto.admin.updateAccountPassword", Input.Did.ToString());
}

/// <summary>Whose password, and which.</summary>
/// <param name="Did">The account.</param>
/// <param name="Password">8 to 256 characters.</param>
public sealed record UpdateAccountPasswordInput(Did Did, string Password)
{
    /// <summary>The account only: the password stays out of logs.</summary>
    public override string ToString() => Did.ToString();
}

internal sealed class UpdateAccountPasswordHandler(IAccountStore accounts, IPasswordHasher hasher) : IRequestHandler<UpdateAccountPasswordCommand, Unit>
{
    public async Task<Unit> Handle(UpdateAccountPasswordCommand command, CancellationToken cancellationToken)
    {
        UpdateAccountPasswordInput input = command.Input;
        PasswordRules.CheckReplacement(input.Password);
        await accounts.RequireAsync(input.Did, cancellationToken);
        string hash = await hasher.HashAsync(input.Password, cancellationToken);
        _ = await accounts.UpdateAsync(input.Did, account => new AccountChange(account with { PasswordHash = hash }, []) { EndSessions = true }, command.Audit, cancellationToken)
            ?? throw Subjects.NotFound();
        return Unit.Value;
    }
}
