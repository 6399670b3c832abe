using MediatR;
using Pds.Application.Moderation;
using Pds.Application.Pipeline;
using Pds.Application.Settings;
using Pds.Domain.Identifiers;

namespace Pds.Application.Accounts;

/// <summary>Makes an invite code. Lexicon: <c>com.atproto.server.createInviteCode</c>.</summary>
public sealed record CreateInviteCodeCommand(Caller Caller, CreateInviteCodeInput Input) : ICommand<CreateInviteCodeOutput>, IAuditedRequest
{
    /// <inheritdoc/>
    public Permission Required => Permission.Admin;

    /// <inheritdoc/>
    public AuditNote Audit { get; } = new("com.atproto.server.createInviteCode", Input.ForAccount?.ToString() ?? InviteCode.Operator);
}

/// <summary>What the code is good for.</summary>
/// <param name="UseCount">How often it can be used.</param>
/// <param name="ForAccount">Its owner; the operator when absent.</param>
public sealed record CreateInviteCodeInput(int UseCount, Did? ForAccount = null);

/// <summary>The code.</summary>
/// <param name="Code">Its text.</param>
public sealed record CreateInviteCodeOutput(string Code);

/// <summary>Makes several invite codes for each of several accounts. Lexicon: <c>com.atproto.server.createInviteCodes</c>.</summary>
public sealed record CreateInviteCodesCommand(Caller Caller, CreateInviteCodesInput Input) : ICommand<CreateInviteCodesOutput>, IAuditedRequest
{
    /// <inheritdoc/>
    public Permission Required => Permission.Admin;

    /// <inheritdoc/>
    public AuditNote Audit { get; } = new(
        "com.atproto.server.createInviteCodes", Input.ForAccounts is { Count: > 0 } accounts ? string.Join(' ', accounts) : InviteCode.Operator);
}

/// <summary>How many codes for whom.</summary>
/// <param name="UseCount">How often each can be used.</param>
/// <param name="CodeCount">Codes for each account. Default 1.</param>
/// <param name="ForAccounts">Their owners; the operator when absent.</param>
public sealed record CreateInviteCodesInput(int UseCount, int CodeCount = 1, IReadOnlyList<Did>? ForAccounts = null);

/// <summary>The codes, account by account.</summary>
/// <param name="Codes">In the order asked for.</param>
public sealed record CreateInviteCodesOutput(IReadOnlyList<AccountInviteCodes> Codes);

/// <summary>The codes of one account.</summary>
/// <param name="Account">DID, or <c>admin</c>.</param>
/// <param name="Codes">Their texts.</param>
public sealed record AccountInviteCodes(string Account, IReadOnlyList<string> Codes);

internal sealed class CreateInviteCodeHandler(InviteIssue issue) : IRequestHandler<CreateInviteCodeCommand, CreateInviteCodeOutput>
{
    public async Task<CreateInviteCodeOutput> Handle(CreateInviteCodeCommand command, CancellationToken cancellationToken)
    {
        string owner = command.Input.ForAccount?.ToString() ?? InviteCode.Operator;
        IReadOnlyList<AccountInviteCodes> codes = await issue.IssueAsync([owner], 1, command.Input.UseCount, command.Audit, cancellationToken);
        return new CreateInviteCodeOutput(codes[0].Codes[0]);
    }
}

internal sealed class CreateInviteCodesHandler(InviteIssue issue) : IRequestHandler<CreateInviteCodesCommand, CreateInviteCodesOutput>
{
    public async Task<CreateInviteCodesOutput> Handle(CreateInviteCodesCommand command, CancellationToken cancellationToken)
    {
        CreateInviteCodesInput input = command.Input;
        string[] owners = input.ForAccounts is { Count: > 0 } accounts ? [.. accounts.Select(did => did.ToString())] : [InviteCode.Operator];
        return new CreateInviteCodesOutput(await issue.IssueAsync(owners, input.CodeCount, input.UseCount, command.Audit, cancellationToken));
    }
}

/// <summary>Makes codes of the operator.</summary>
internal sealed class InviteIssue(IInviteStore invites, ServerSettings options, TimeProvider time)
{
    /// <summary>Makes and keeps codes for each owner.</summary>
    public async Task<IReadOnlyList<AccountInviteCodes>> IssueAsync(IReadOnlyList<string> owners, int codeCount, int useCount, AuditNote audit, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        AccountInviteCodes[] codes =
        [
            .. owners.Select(owner => new AccountInviteCodes(
                owner, [.. Enumerable.Range(0, codeCount).Select(_ => AccountCodes.NewInviteCode(options.Hostname))])),
        ];
        await invites.AddAsync(
            [.. codes.SelectMany(account => account.Codes, (account, code) => new InviteCode(code, useCount, false, account.Account, InviteCode.Operator, now, []))],
            audit,
            cancellationToken);
        return codes;
    }
}
