using MediatR;
using Pds.Application.Accounts;
using Pds.Application.Pipeline;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;

namespace Pds.Application.Repositories;

/// <summary>Makes or replaces one record in the caller's repository. Lexicon: <c>com.atproto.repo.putRecord</c>.</summary>
/// <param name="Caller">Who asks.</param>
/// <param name="Input">The body.</param>
[XrpcMethod("com.atproto.repo.putRecord")]
[RateLimit(RecordWriteLimits.PointsPerHour, RateLimitWindow.Hour, Per = RateLimitKey.Account, Bucket = RecordWriteLimits.HourBucket)]
[RateLimit(RecordWriteLimits.PointsPerDay, RateLimitWindow.Day, Per = RateLimitKey.Account, Bucket = RecordWriteLimits.DayBucket)]
public sealed record PutRecordCommand(Caller Caller, PutRecordInput Input)
    : ICommand<PutRecordOutput>, IAuthorizedRequest, IRecordWriteCommand
{
    /// <summary>Both rights are needed, since the caller need not know whether the record is there.</summary>
    public Permission Required =>
        Permission.WriteRecords((Input.Collection, WriteAction.Create), (Input.Collection, WriteAction.Update));

    /// <inheritdoc/>
    public IReadOnlyList<ProposedWrite> Proposed => [new(WriteAction.Update, Input.Collection, Input.Rkey, Input.Record)];
}

/// <summary>Input of <see cref="PutRecordCommand"/>.</summary>
public sealed record PutRecordInput : IRateLimitedInput
{
    private readonly Cid? _swapRecord;
    private readonly RecordSwap _swap;

    /// <summary>The caller's repository.</summary>
    public required AtIdentifier Repo { get; init; }

    /// <summary>The record's collection.</summary>
    public required Nsid Collection { get; init; }

    /// <summary>The record's key.</summary>
    public required RecordKey Rkey { get; init; }

    /// <summary>Absent: checked where the lexicon is known. <see langword="true"/>: it must be known. <see langword="false"/>: not checked.</summary>
    public bool? Validate { get; init; }

    /// <summary>The new content.</summary>
    public required DataMap Record { get; init; }

    /// <summary>
    /// The version that is to be replaced. Given as <see langword="null"/>, the record must not exist; not given at all, anything goes.
    /// </summary>
    [LexiconNullable]
    public Cid? SwapRecord
    {
        get => _swapRecord;
        init
        {
            _swapRecord = value;
            _swap = value is { } cid ? RecordSwap.MustBe(cid) : RecordSwap.MustNotExist;
        }
    }

    /// <summary>The head that the caller builds upon.</summary>
    public Cid? SwapCommit { get; init; }

    /// <summary>The three states of <see cref="SwapRecord"/>.</summary>
    internal RecordSwap Swap => _swap;

    int IRateLimitedInput.Points => RecordWriteLimits.PointsOf(WriteAction.Update);
}

/// <summary>Output of <see cref="PutRecordCommand"/>.</summary>
/// <param name="Uri">Where the record is.</param>
/// <param name="Cid">CID of the record.</param>
/// <param name="Commit">The commit that wrote it; <see langword="null"/> when the record was the same already.</param>
/// <param name="ValidationStatus"><c>valid</c> or <c>unknown</c>; <see langword="null"/> when the check was waived.</param>
public sealed record PutRecordOutput(AtUri Uri, Cid Cid, CommitMeta? Commit, string? ValidationStatus);

internal sealed class PutRecordHandler(IAccountStore accounts, IRepositoryStore repositories, RecordPreparation preparation, ProfileUpgrade upgrade)
    : IRequestHandler<PutRecordCommand, PutRecordOutput>
{
    public async Task<PutRecordOutput> Handle(PutRecordCommand request, CancellationToken cancellationToken)
    {
        PutRecordInput input = request.Input;
        Did did = await accounts.RequireOwnAsync(input.Repo, request.Caller, cancellationToken);
        DataMap record = await upgrade.ApplyAsync(did, new RecordPath(input.Collection, input.Rkey), input.Record, cancellationToken);
        PreparedRecord prepared = await preparation.PrepareAsync(input.Collection, input.Rkey, record, input.Validate, cancellationToken);

        RepositoryChange? change = await repositories.WriteAsync(
            did,
            (repository, _) => ValueTask.FromResult(Apply(repository, input, prepared)),
            cancellationToken);

        return new PutRecordOutput(
            new AtUri(did, prepared.Path.Collection, prepared.Path.Key),
            prepared.Record.Cid,
            change is null ? null : CommitMeta.Of(change),
            prepared.ValidationStatus);
    }

    private static RepositoryChange? Apply(Repository repository, PutRecordInput input, PreparedRecord prepared)
    {
        Cid? current = repository.Find(prepared.Path);
        if (current == prepared.Record.Cid)
        {
            return null;    // what the caller wants is there already, so no swap can be wrong
        }

        repository.RequireHead(input.SwapCommit);
        repository.RequireRecord(prepared.Path, input.Swap);
        return repository.Apply([
            current is null
                ? RecordWrite.Create(prepared.Path, prepared.Record)
                : RecordWrite.Update(prepared.Path, prepared.Record),
        ]);
    }
}
