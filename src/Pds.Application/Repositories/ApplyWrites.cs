using System.Text.Json.Serialization;
using MediatR;
using Pds.Application.Accounts;
using Pds.Application.Pipeline;
using Pds.Domain.DataModel;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;

namespace Pds.Application.Repositories;

/// <summary>Makes several writes in the caller's repository one commit, or none of them. Lexicon: <c>com.atproto.repo.applyWrites</c>.</summary>
/// <param name="Caller">Who asks.</param>
/// <param name="Input">The body.</param>
[XrpcMethod("com.atproto.repo.applyWrites")]
[RateLimit(RecordWriteLimits.PointsPerHour, RateLimitWindow.Hour, Per = RateLimitKey.Account, Bucket = RecordWriteLimits.HourBucket)]
[RateLimit(RecordWriteLimits.PointsPerDay, RateLimitWindow.Day, Per = RateLimitKey.Account, Bucket = RecordWriteLimits.DayBucket)]
public sealed record ApplyWritesCommand(Caller Caller, ApplyWritesInput Input)
    : ICommand<ApplyWritesOutput>, IAuthorizedRequest, IRecordWriteCommand
{
    /// <inheritdoc/>
    public Permission Required
    {
        get
        {
            var writes = new (Nsid, WriteAction)[Input.Writes.Count];
            for (int i = 0; i < writes.Length; i++)
            {
                writes[i] = (Input.Writes[i].Collection, Input.Writes[i].Action);
            }

            return Permission.WriteRecords(writes);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<ProposedWrite> Proposed
    {
        get
        {
            var proposed = new ProposedWrite[Input.Writes.Count];
            for (int i = 0; i < proposed.Length; i++)
            {
                ApplyWritesOperation write = Input.Writes[i];
                proposed[i] = new ProposedWrite(write.Action, write.Collection, write.Rkey, write.Value);
            }

            return proposed;
        }
    }
}

/// <summary>Input of <see cref="ApplyWritesCommand"/>.</summary>
public sealed record ApplyWritesInput : IRateLimitedInput
{
    /// <summary>The caller's repository.</summary>
    public required AtIdentifier Repo { get; init; }

    /// <summary>Absent: checked where the lexicon is known. <see langword="true"/>: it must be known. <see langword="false"/>: not checked.</summary>
    public bool? Validate { get; init; }

    /// <summary>The writes, at most 200. Several writes to one path are judged in their order; the commit carries their net operation.</summary>
    /// <exception cref="XrpcException">InvalidRequest: one is <see langword="null"/>.</exception>
    public required IReadOnlyList<ApplyWritesOperation> Writes
    {
        get;
        init => field = value.Contains(null!) ? throw new XrpcException(RequestErrors.InvalidRequest, "writes must hold objects only") : value;
    }

    /// <summary>The head that the caller builds upon.</summary>
    public Cid? SwapCommit { get; init; }

    /// <summary>Of all writes together. One that is of no known type costs as a deletion: the handler refuses it later.</summary>
    int IRateLimitedInput.Points => Writes.Sum(write => RecordWriteLimits.PointsOf(write.Type switch
    {
        ApplyWritesOperation.CreateType => WriteAction.Create,
        ApplyWritesOperation.UpdateType => WriteAction.Update,
        _ => WriteAction.Delete,
    }));
}

/// <summary>One member of the union <c>com.atproto.repo.applyWrites#create | #update | #delete</c>.</summary>
public sealed record ApplyWritesOperation
{
    internal const string CreateType = "com.atproto.repo.applyWrites#create";
    internal const string UpdateType = "com.atproto.repo.applyWrites#update";
    internal const string DeleteType = "com.atproto.repo.applyWrites#delete";

    /// <summary>Which member of the union it is.</summary>
    [JsonPropertyName("$type")]
    public required string Type { get; init; }

    /// <summary>The record's collection.</summary>
    public required Nsid Collection { get; init; }

    /// <summary>The record's key; may be absent for creations, which then get a new TID.</summary>
    public RecordKey? Rkey { get; init; }

    /// <summary>The content; absent for deletions, whose lexicon has no such member and so allows anything under its name.</summary>
    [LexiconNullable]
    public DataMap? Value { get; init; }

    /// <summary>What the write does.</summary>
    /// <exception cref="XrpcException">InvalidRequest: <see cref="Type"/> is not in the union.</exception>
    internal WriteAction Action => Type switch
    {
        CreateType => WriteAction.Create,
        UpdateType => WriteAction.Update,
        DeleteType => WriteAction.Delete,
        _ => throw new XrpcException(RequestErrors.InvalidRequest, $"Every write must have a $type of {XrpcMethodAttribute.NsidOf<ApplyWritesCommand>()}"),
    };
}

/// <summary>Output of <see cref="ApplyWritesCommand"/>.</summary>
/// <param name="Commit">The commit of all writes.</param>
/// <param name="Results">What became of each write, in the order of the input.</param>
public sealed record ApplyWritesOutput(CommitMeta Commit, IReadOnlyList<ApplyWritesResult> Results);

/// <summary>One member of the union <c>com.atproto.repo.applyWrites#createResult | #updateResult | #deleteResult</c>.</summary>
/// <param name="Type">Which member of the union it is.</param>
/// <param name="Uri">Where the record is; <see langword="null"/> for deletions.</param>
/// <param name="Cid">CID of the record; <see langword="null"/> for deletions.</param>
/// <param name="ValidationStatus"><c>valid</c> or <c>unknown</c>; <see langword="null"/> for deletions and when the check was waived.</param>
public sealed record ApplyWritesResult(
    [property: JsonPropertyName("$type")] string Type,
    AtUri? Uri,
    Cid? Cid,
    string? ValidationStatus);

internal sealed class ApplyWritesHandler(
    IAccountStore accounts,
    IRepositoryStore repositories,
    RecordPreparation preparation,
    TidClock clock) : IRequestHandler<ApplyWritesCommand, ApplyWritesOutput>
{
    public async Task<ApplyWritesOutput> Handle(ApplyWritesCommand request, CancellationToken cancellationToken)
    {
        ApplyWritesInput input = request.Input;
        Did did = await accounts.RequireOwnAsync(input.Repo, request.Caller, cancellationToken);
        if (input.Writes.Count > RepositoryLimits.MaxWrites)
        {
            throw new XrpcException(RequestErrors.InvalidRequest, $"Too many writes. Max: {RepositoryLimits.MaxWrites}");
        }

        var writes = new RecordWrite[input.Writes.Count];
        var results = new ApplyWritesResult[writes.Length];
        for (int i = 0; i < writes.Length; i++)
        {
            (writes[i], results[i]) = await PrepareAsync(did, input.Writes[i], input.Validate, cancellationToken);
        }

        RepositoryChange change = await repositories.WriteAsync(
            did,
            (repository, _) =>
            {
                repository.RequireHead(input.SwapCommit);
                return ValueTask.FromResult<RepositoryChange?>(repository.Apply(writes));
            },
            cancellationToken) ?? throw new InvalidOperationException("Applying writes always makes a commit, also an empty one.");

        return new ApplyWritesOutput(CommitMeta.Of(change), results);
    }

    private async ValueTask<(RecordWrite Write, ApplyWritesResult Result)> PrepareAsync(
        Did did,
        ApplyWritesOperation operation,
        bool? validate,
        CancellationToken cancellationToken)
    {
        WriteAction action = operation.Action;
        RecordKey key = operation.Rkey ?? (action == WriteAction.Create ? RecordKey.From(clock.Next()) : throw Lacks(action, "rkey"));
        if (action == WriteAction.Delete)
        {
            return (
                RecordWrite.Delete(new RecordPath(operation.Collection, key)),
                new ApplyWritesResult("com.atproto.repo.applyWrites#deleteResult", null, null, null));
        }

        DataMap value = operation.Value ?? throw Lacks(action, "value");
        PreparedRecord prepared = await preparation.PrepareAsync(operation.Collection, key, value, validate, cancellationToken);
        return (
            new RecordWrite(action, prepared.Path, prepared.Record),
            new ApplyWritesResult(
                action == WriteAction.Create ? "com.atproto.repo.applyWrites#createResult" : "com.atproto.repo.applyWrites#updateResult",
                new AtUri(did, operation.Collection, key),
                prepared.Record.Cid,
                prepared.ValidationStatus));
    }

    private static XrpcException Lacks(WriteAction action, string field) =>
        new(RequestErrors.InvalidRequest, $"A write of kind {(action == WriteAction.Create ? "create" : action == WriteAction.Update ? "update" : "delete")} must have the property \"{field}\"");
}
