using MediatR;
using Pds.Application.Accounts;
using Pds.Application.Pipeline;
using Pds.Domain.Accounts;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;

namespace Pds.Application.Moderation;

/// <summary>Sets an account's e-mail address; it is not confirmed then. Lexicon: <c>com.atproto.admin.updateAccountEmail</c>.</summary>
public sealed record UpdateAccountEmailCommand(Caller Caller, UpdateAccountEmailInput Input) : ICommand<Unit>, IAuditedRequest
{
    /// <inheritdoc/>
    public Permission Required => Permission.Admin;

    /// <inheritdoc/>
    public AuditNote Audit { get; } = new("com.atproto.admin.updateAccountEmail", Input.Account.ToString());
}

/// <summary>Whose address, and which.</summary>
/// <param name="Account">DID or handle.</param>
/// <param name="Email">The address.</param>
public sealed record UpdateAccountEmailInput(AtIdentifier Account, string Email)
{
    /// <summary>The account only: the address stays out of logs.</summary>
    public override string ToString() => Account.ToString();
}

internal sealed class UpdateAccountEmailHandler(IAccountStore accounts) : IRequestHandler<UpdateAccountEmailCommand, Unit>
{
    public async Task<Unit> Handle(UpdateAccountEmailCommand command, CancellationToken cancellationToken)
    {
        UpdateAccountEmailInput input = command.Input;
        if (!EmailAddress.IsValid(input.Email))
        {
            throw new XrpcException(RequestErrors.InvalidRequest, "This email address is not supported, please use a different email.");
        }

        Account account = await accounts.FindAsync(input.Account, cancellationToken)
            ?? throw new XrpcException(RequestErrors.InvalidRequest, $"Account does not exist: {input.Account}");
        string address = EmailAddress.Normalize(input.Email);
        _ = await accounts.UpdateAsync(
            account.Did, before => new AccountChange(before with { Email = address, EmailConfirmedAt = null }, []) { EndEmailTokens = true }, command.Audit, cancellationToken)
            ?? throw Subjects.NotFound();
        return Unit.Value;
    }
}
