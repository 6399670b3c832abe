using FluentValidation;
using MediatR;
using Pds.Application.Accounts;
using Pds.Application.Pipeline;

namespace Pds.Application.Moderation;

/// <summary>Withdraws invite codes. Lexicon: <c>com.atproto.admin.disableInviteCodes</c>.</summary>
public sealed record DisableInviteCodesCommand(Caller Caller, DisableInviteCodesInput Input) : ICommand<Unit>, IAuditedRequest
{
    /// <inheritdoc/>
    public Permission Required => Permission.Admin;

    /// <inheritdoc/>
    public AuditNote Audit { get; } = new("com.atproto.admin.disableInviteCodes", string.Join(' ', [.. Input.Codes ?? [], .. Input.Accounts ?? []]));
}

/// <summary>Which codes.</summary>
/// <param name="Codes">Their texts.</param>
/// <param name="Accounts">DIDs whose codes are all withdrawn.</param>
public sealed record DisableInviteCodesInput(IReadOnlyList<string>? Codes = null, IReadOnlyList<string>? Accounts = null);

internal sealed class DisableInviteCodesValidator : AbstractValidator<DisableInviteCodesCommand>
{
    public DisableInviteCodesValidator() => RuleFor(command => command.Input.Accounts)
        .Must(accounts => accounts?.Contains(InviteCode.Operator, StringComparer.Ordinal) is not true).WithMessage("cannot disable admin invite codes");
}

internal sealed class DisableInviteCodesHandler(IInviteStore invites) : IRequestHandler<DisableInviteCodesCommand, Unit>
{
    public async Task<Unit> Handle(DisableInviteCodesCommand command, CancellationToken cancellationToken)
    {
        await invites.DisableAsync(command.Input.Codes ?? [], command.Input.Accounts ?? [], command.Audit, cancellationToken);
        return Unit.Value;
    }
}
