using MediatR;
using Pds.Application.Accounts;
using Pds.Application.Pipeline;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;

namespace Pds.Application.Repositories;

/// <summary>Creates one record in the caller's repository. Lexicon: <c>com.atproto.repo.createRecord</c>.</summary>
/// <param name="Caller">Who asks.</param>
/// <param name="Input">The body.</param>
[XrpcMethod("com.atproto.repo.createRecord")]
[RateLimit(RecordWriteLimits.PointsPerHour, RateLimitWindow.Hour, Per = RateLimitKey.Account, Bucket = RecordWriteLimits.HourBucket)]
[RateLimit(RecordWriteLimits.PointsPerDay, RateLimitWindow.Day, Per = RateLimitKey.Account, Bucket = RecordWriteLimits.DayBucket)]
public sealed record CreateRecordCommand(Caller Caller, CreateRecordInput Input)
    : ICommand<CreateRecordOutput>, IAuthorizedRequest, IRecordWriteCommand
{
    /// <inheritdoc/>
    public Permission Required => Permission.WriteRecords((Input.Collection, WriteAction.Create));

    /// <inheritdoc/>
    public IReadOnlyList<ProposedWrite> Proposed => [new(WriteAction.Create, Input.Collection, Input.Rkey, Input.Record)];
}

/// <summary>Input of <see cref="CreateRecordCommand"/>.</summary>
public sealed record CreateRecordInput : IRateLimitedInput
{
    /// <summary>The caller's repository.</summary>
    public required AtIdentifier Repo { get; init; }

    /// <summary>Where the record goes.</summary>
    public required Nsid Collection { get; init; }

    /// <summary>Its key; a new TID when absent.</summary>
    public RecordKey? Rkey { get; init; }

    /// <summary>Absent: checked where the lexicon is known. <see langword="true"/>: it must be known. <see langword="false"/>: not checked.</summary>
    public bool? Validate { get; init; }

    /// <summary>The content.</summary>
    public required DataMap Record { get; init; }

    /// <summary>The head that the caller builds upon.</summary>
    public Cid? SwapCommit { get; init; }

    int IRateLimitedInput.Points => RecordWriteLimits.PointsOf(WriteAction.Create);
}

/// <summary>Output of <see cref="CreateRecordCommand"/>.</summary>
/// <param name="Uri">Where the record is.</param>
/// <param name="Cid">CID of the record.</param>
/// <param name="Commit">The commit that made it.</param>
/// <param name="ValidationStatus"><c>valid</c> or <c>unknown</c>; <see langword="null"/> when the check was waived.</param>
public sealed record CreateRecordOutput(AtUri Uri, Cid Cid, CommitMeta Commit, string? ValidationStatus);

internal sealed class CreateRecordHandler(
    IAccountStore accounts,
    IRepositoryStore repositories,
    IRecordLinks links,
    RecordPreparation preparation,
    TidClock clock) : IRequestHandler<CreateRecordCommand, CreateRecordOutput>
{
    public async Task<CreateRecordOutput> Handle(CreateRecordCommand request, CancellationToken cancellationToken)
    {
        CreateRecordInput input = request.Input;
        Did did = await accounts.RequireOwnAsync(input.Repo, request.Caller, cancellationToken);
        RecordKey key = input.Rkey ?? RecordKey.From(clock.Next());
        PreparedRecord prepared = await preparation.PrepareAsync(input.Collection, key, input.Record, input.Validate, cancellationToken);
        string? link = input.Validate is false ? null : RecordLink.Of(input.Collection, prepared.Record);

        RepositoryChange change = await repositories.WriteAsync(
            did,
            async (repository, token) =>
            {
                repository.RequireHead(input.SwapCommit);
                var write = RecordWrite.Create(prepared.Path, prepared.Record);
                return repository.Apply(link is null ? [write] : await ReplaceLinkedAsync(repository, write, link, token));
            },
            cancellationToken) ?? throw new InvalidOperationException("Creating a record always makes a commit.");

        return new CreateRecordOutput(
            new AtUri(did, prepared.Path.Collection, prepared.Path.Key),
            prepared.Record.Cid,
            CommitMeta.Of(change),
            prepared.ValidationStatus);
    }

    /// <summary>A second follow, block, like or repost of the same thing takes the place of the first, in the same commit.</summary>
    private async ValueTask<IReadOnlyList<RecordWrite>> ReplaceLinkedAsync(
        Repository repository,
        RecordWrite write,
        string link,
        CancellationToken cancellationToken)
    {
        List<RecordWrite> writes = [];
        foreach (RecordPath path in await links.FindAsync(repository.Did, write.Path.Collection, link, cancellationToken))
        {
            if (path != write.Path && repository.Find(path) is not null)
            {
                writes.Add(RecordWrite.Delete(path));
            }
        }

        writes.Add(write);
        return writes;
    }
}
