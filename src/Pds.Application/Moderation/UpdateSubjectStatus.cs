using System.Globalization;
using FluentValidation;
using MediatR;
using Pds.Application.Accounts;
using Pds.Application.Pipeline;
using Pds.Domain.Accounts;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;

namespace Pds.Application.Moderation;

/// <summary>Takes an account down or lifts that, deactivates or activates it. Lexicon: <c>com.atproto.admin.updateSubjectStatus</c>.</summary>
public sealed record UpdateSubjectStatusCommand(Caller Caller, UpdateSubjectStatusInput Input) : ICommand<UpdateSubjectStatusOutput>, IAuthorizedRequest
{
    /// <inheritdoc/>
    public Permission Required => Permission.Admin;
}

/// <summary>The measures.</summary>
/// <param name="Subject">What they concern; only accounts can be judged.</param>
/// <param name="Takedown">Hide or show; <see langword="null"/> to leave it.</param>
/// <param name="Deactivated">Deactivate or activate; <see langword="null"/> to leave it.</param>
public sealed record UpdateSubjectStatusInput(Subject Subject, SubjectStatusAttribute? Takedown = null, SubjectStatusAttribute? Deactivated = null);

/// <summary>The measures as taken.</summary>
/// <param name="Subject">What they concern.</param>
/// <param name="Takedown">As asked for.</param>
public sealed record UpdateSubjectStatusOutput(Subject Subject, SubjectStatusAttribute? Takedown);

internal sealed class UpdateSubjectStatusValidator : AbstractValidator<UpdateSubjectStatusCommand>
{
    public UpdateSubjectStatusValidator()
    {
        RuleFor(command => command.Input)
            .Must(input => input is not { Takedown.Applied: true, Deactivated.Applied: false })
            .WithMessage("Cannot activate and takedown an account at the same time");
        RuleFor(command => command.Input.Subject)
            .Must(subject => subject is RepoRef)
            .WithMessage("Only accounts can be taken down on this server");
    }
}

internal sealed class UpdateSubjectStatusHandler(
    IAccountStore accounts, AccountActivation activation, AccountDeactivation deactivation, TimeProvider time)
    : IRequestHandler<UpdateSubjectStatusCommand, UpdateSubjectStatusOutput>
{
    public async Task<UpdateSubjectStatusOutput> Handle(UpdateSubjectStatusCommand command, CancellationToken cancellationToken)
    {
        UpdateSubjectStatusInput input = command.Input;
        Did did = ((RepoRef)input.Subject).Did;
        if (input.Takedown is { } takedown)
        {
            string? note = takedown.Applied ? takedown.Ref ?? Now() : null;
            await UpdateAsync(did, account => AccountDeactivation.Announced(account with { TakedownRef = note }) with { EndSessions = takedown.Applied }, cancellationToken);
        }

        if (input.Deactivated is { } deactivated)
        {
            await RequireAsync(did, cancellationToken);
            await (deactivated.Applied
                ? deactivation.DeactivateAsync(did, deleteAfter: null, cancellationToken)
                : activation.ActivateAsync(did, cancellationToken));
        }

        if (input is { Takedown: null, Deactivated: null })
        {
            await UpdateAsync(did, AccountDeactivation.Announced, cancellationToken);
        }

        return new UpdateSubjectStatusOutput(input.Subject, input.Takedown);
    }

    private static XrpcException NotFound() => new(AccountErrors.NotFound, "Subject not found");

    private string Now() => time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private async ValueTask RequireAsync(Did did, CancellationToken cancellationToken) =>
        _ = await accounts.FindAsync(new AtIdentifier(did), cancellationToken) ?? throw NotFound();

    private async Task UpdateAsync(Did did, Func<Account, AccountChange> change, CancellationToken cancellationToken) =>
        _ = await accounts.UpdateAsync(did, change, cancellationToken) ?? throw NotFound();
}
