using MediatR;
using Pds.Application.Accounts;
using Pds.Application.Pipeline;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;

namespace Pds.Application.Repositories;

/// <summary>
/// Removes one record from the caller's repository; one that is not there needs no commit. Lexicon: <c>com.atproto.repo.deleteRecord</c>.
/// </summary>
/// <param name="Caller">Who asks.</param>
/// <param name="Input">The body.</param>
[XrpcMethod("com.atproto.repo.deleteRecord")]
[RateLimit(RecordWriteLimits.PointsPerHour, RateLimitWindow.Hour, Per = RateLimitKey.Account, Bucket = RecordWriteLimits.HourBucket)]
[RateLimit(RecordWriteLimits.PointsPerDay, RateLimitWindow.Day, Per = RateLimitKey.Account, Bucket = RecordWriteLimits.DayBucket)]
public sealed record DeleteRecordCommand(Caller Caller, DeleteRecordInput Input)
    : ICommand<DeleteRecordOutput>, IAuthorizedRequest, IRecordWriteCommand
{
    /// <inheritdoc/>
    public Permission Required => Permission.WriteRecords((Input.Collection, WriteAction.Delete));

    /// <inheritdoc/>
    public IReadOnlyList<ProposedWrite> Proposed => [new(WriteAction.Delete, Input.Collection, Input.Rkey, null)];
}

/// <summary>Input of <see cref="DeleteRecordCommand"/>.</summary>
public sealed record DeleteRecordInput : IRateLimitedInput
{
    /// <summary>The caller's repository.</summary>
    public required AtIdentifier Repo { get; init; }

    /// <summary>The record's collection.</summary>
    public required Nsid Collection { get; init; }

    /// <summary>The record's key.</summary>
    public required RecordKey Rkey { get; init; }

    /// <summary>The version that is to be removed.</summary>
    public Cid? SwapRecord { get; init; }

    /// <summary>The head that the caller builds upon.</summary>
    public Cid? SwapCommit { get; init; }

    int IRateLimitedInput.Points => RecordWriteLimits.PointsOf(WriteAction.Delete);
}

/// <summary>Output of <see cref="DeleteRecordCommand"/>.</summary>
/// <param name="Commit">The commit that removed it; <see langword="null"/> when there was nothing to remove.</param>
public sealed record DeleteRecordOutput(CommitMeta? Commit);

internal sealed class DeleteRecordHandler(IAccountStore accounts, IRepositoryStore repositories)
    : IRequestHandler<DeleteRecordCommand, DeleteRecordOutput>
{
    public async Task<DeleteRecordOutput> Handle(DeleteRecordCommand request, CancellationToken cancellationToken)
    {
        DeleteRecordInput input = request.Input;
        Did did = await accounts.RequireOwnAsync(input.Repo, request.Caller, cancellationToken);

        RepositoryChange? change = await repositories.WriteAsync(
            did,
            (repository, _) => ValueTask.FromResult(Apply(repository, input)),
            cancellationToken);

        return new DeleteRecordOutput(change is null ? null : CommitMeta.Of(change));
    }

    private static RepositoryChange? Apply(Repository repository, DeleteRecordInput input)
    {
        var path = new RecordPath(input.Collection, input.Rkey);
        if (repository.Find(path) is null)
        {
            return null;
        }

        repository.RequireHead(input.SwapCommit);
        repository.RequireRecord(path, input.SwapRecord is { } cid ? RecordSwap.MustBe(cid) : RecordSwap.Any);
        return repository.Apply([RecordWrite.Delete(path)]);
    }
}
