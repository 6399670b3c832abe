using System.Globalization;
using FluentValidation;
using MediatR;
using Pds.Application.Accounts;
using Pds.Application.Blobs;
using Pds.Application.Pipeline;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;

namespace Pds.Application.Moderation;

/// <summary>
/// Takes an account, a record or a blob down or lifts that; deactivates an account or activates it. Lexicon: <c>com.atproto.admin.updateSubjectStatus</c>.
/// </summary>
public sealed record UpdateSubjectStatusCommand(Caller Caller, UpdateSubjectStatusInput Input) : ICommand<UpdateSubjectStatusOutput>, IAuditedRequest
{
    /// <inheritdoc/>
    public Permission Required => Permission.Admin;

    /// <inheritdoc/>
    public AuditNote Audit { get; } = new($"com.atproto.admin.updateSubjectStatus{MeasuresOf(Input)}", Input.Subject.ToString(), Input.Takedown?.Ref ?? Input.Deactivated?.Ref);

    private static string MeasuresOf(UpdateSubjectStatusInput input) =>
        (input.Takedown switch { null => "", { Applied: true } => " takedown", _ => " untakedown" })
        + (input.Deactivated switch { null => "", { Applied: true } => " deactivate", _ => " activate" });
}

/// <summary>The measures.</summary>
/// <param name="Subject">What they concern.</param>
/// <param name="Takedown">Hide or show; <see langword="null"/> to leave it.</param>
/// <param name="Deactivated">Deactivate or activate an account; <see langword="null"/> to leave it. Without both measures an account's status is announced again.</param>
public sealed record UpdateSubjectStatusInput(Subject Subject, SubjectStatusAttribute? Takedown = null, SubjectStatusAttribute? Deactivated = null);

/// <summary>The measures as taken.</summary>
/// <param name="Subject">What they concern.</param>
/// <param name="Takedown">As asked for.</param>
public sealed record UpdateSubjectStatusOutput(Subject Subject, SubjectStatusAttribute? Takedown);

internal sealed class UpdateSubjectStatusValidator : AbstractValidator<UpdateSubjectStatusCommand>
{
    public UpdateSubjectStatusValidator() => RuleFor(command => command.Input)
        .Must(input => input is not { Takedown.Applied: true, Deactivated.Applied: false })
        .WithMessage("Cannot activate and takedown an account at the same time");
}

internal sealed class UpdateSubjectStatusHandler(
    IAccountStore accounts, AccountActivation activation, AccountDeactivation deactivation, IRecordTakedowns records, IBlobTakedowns blobs, TimeProvider time)
    : IRequestHandler<UpdateSubjectStatusCommand, UpdateSubjectStatusOutput>
{
    public async Task<UpdateSubjectStatusOutput> Handle(UpdateSubjectStatusCommand command, CancellationToken cancellationToken)
    {
        UpdateSubjectStatusInput input = command.Input;
        bool found = (input.Subject, input.Takedown) switch
        {
            (RepoRef repo, _) => await JudgeAccountAsync(repo.Did, input, command.Audit, cancellationToken),
            (StrongRef record, { } takedown) => await JudgeRecordAsync(record.Uri, NoteOf(takedown), command.Audit, cancellationToken),
            (RepoBlobRef blob, { } takedown) => await blobs.SetAsync(blob.Did, blob.Cid, NoteOf(takedown), command.Audit, cancellationToken),
            _ => true,
        };
        return found ? new UpdateSubjectStatusOutput(input.Subject, input.Takedown) : throw Subjects.NotFound();
    }

    /// <summary>The note that is kept; a takedown without one bears its time.</summary>
    private string? NoteOf(SubjectStatusAttribute takedown) => takedown.Applied
        ? takedown.Ref ?? time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)
        : null;

    private async Task<bool> JudgeRecordAsync(AtUri uri, string? note, AuditNote audit, CancellationToken cancellationToken)
    {
        (Did did, RecordPath path) = await accounts.LocateAsync(uri, cancellationToken);
        return await records.SetAsync(did, path, note, audit, cancellationToken);
    }

    private async Task<bool> JudgeAccountAsync(Did did, UpdateSubjectStatusInput input, AuditNote audit, CancellationToken cancellationToken)
    {
        if (await accounts.FindAsync(new AtIdentifier(did), cancellationToken) is null)
        {
            return false;
        }

        if (input.Takedown is { } takedown)
        {
            string? note = NoteOf(takedown);
            await accounts.UpdateAsync(
                did, account => AccountDeactivation.Announced(account with { TakedownRef = note }) with { EndSessions = takedown.Applied }, audit, cancellationToken);
        }

        if (input.Deactivated is { } deactivated)
        {
            await (deactivated.Applied
                ? deactivation.DeactivateAsync(did, deleteAfter: null, cancellationToken, audit: audit)
                : activation.ActivateAsync(did, audit, cancellationToken));
        }

        if (input is { Takedown: null, Deactivated: null })
        {
            await accounts.UpdateAsync(did, AccountDeactivation.Announced, audit, cancellationToken);
        }

        return true;
    }
}
