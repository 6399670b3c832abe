using MediatR;
using Microsoft.AspNetCore.Mvc;
using Pds.Api.Proxying;
using Pds.Api.RateLimits;
using Pds.Api.Xrpc;
using Pds.Application.Pipeline;
using Pds.Application.Proxying;
using Pds.Application.Repositories;
using Pds.Domain.Identifiers;

namespace Pds.Api.Repositories;

/// <summary>Records: <c>com.atproto.repo.*</c>.</summary>
/// <param name="mediator">Sends the messages.</param>
[XrpcOpenTo(CallerKinds.Account)]
internal sealed class RepoController(IMediator mediator) : XrpcController
{
    /// <summary>Lexicon: <c>com.atproto.repo.createRecord</c>.</summary>
    [XrpcRoute<CreateRecordCommand>]
    [Capacity(CapacityKind.Writes)]
    public async Task<IActionResult> CreateRecord(
        Caller caller,
        [XrpcBody(MaxBytes = XrpcBodyAttribute.RecordMaxBytes)] CreateRecordInput input,
        CancellationToken cancellationToken) =>
        Output(await mediator.Send(new CreateRecordCommand(caller, input), cancellationToken));

    /// <summary>Lexicon: <c>com.atproto.repo.putRecord</c>.</summary>
    [XrpcRoute<PutRecordCommand>]
    [Capacity(CapacityKind.Writes)]
    public async Task<IActionResult> PutRecord(
        Caller caller,
        [XrpcBody(MaxBytes = XrpcBodyAttribute.RecordMaxBytes)] PutRecordInput input,
        CancellationToken cancellationToken) =>
        Output(await mediator.Send(new PutRecordCommand(caller, input), cancellationToken));

    /// <summary>Lexicon: <c>com.atproto.repo.deleteRecord</c>.</summary>
    [XrpcRoute<DeleteRecordCommand>]
    [Capacity(CapacityKind.Writes)]
    public async Task<IActionResult> DeleteRecord(Caller caller, [XrpcBody] DeleteRecordInput input, CancellationToken cancellationToken) =>
        Output(await mediator.Send(new DeleteRecordCommand(caller, input), cancellationToken));

    /// <summary>Lexicon: <c>com.atproto.repo.applyWrites</c>.</summary>
    [XrpcRoute<ApplyWritesCommand>]
    [Capacity(CapacityKind.Writes)]
    public async Task<IActionResult> ApplyWrites(
        Caller caller,
        [XrpcBody(MaxBytes = XrpcBodyAttribute.RecordMaxBytes)] ApplyWritesInput input,
        CancellationToken cancellationToken) =>
        Output(await mediator.Send(new ApplyWritesCommand(caller, input), cancellationToken));

    /// <summary>Lexicon: <c>com.atproto.repo.getRecord</c>.</summary>
    [XrpcRoute<GetRecordQuery>]
    public async Task<IActionResult> GetRecord(
        AtIdentifier repo,
        Nsid collection,
        RecordKey rkey,
        string? cid,
        CancellationToken cancellationToken)
    {
        if (await mediator.Send(new GetRecordQuery(repo, collection, rkey, cid), cancellationToken) is { } record)
        {
            return Output(record);
        }

        var foreign = new GetForeignRecordQuery($"at://{repo}/{collection}/{rkey}", Request.QueryString.Value ?? "")
        {
            AcceptEncoding = Request.Headers.AcceptEncoding.Count > 0 ? Request.Headers.AcceptEncoding.ToString() : null,
        };
        return new ServiceAnswerResult(await mediator.Send(foreign, cancellationToken));
    }

    /// <summary>Lexicon: <c>com.atproto.repo.listRecords</c>.</summary>
    [XrpcRoute<ListRecordsQuery>]
    public async Task<IActionResult> ListRecords(
        AtIdentifier repo,
        Nsid collection,
        string? cursor,
        string? rkeyStart,
        string? rkeyEnd,
        CancellationToken cancellationToken,
        [XrpcRange(1, 100)] int limit = 50,
        bool reverse = false)
    {
        var query = new ListRecordsQuery(repo, collection)
        {
            Limit = limit,
            Cursor = cursor,
            Reverse = reverse,
            RkeyStart = rkeyStart,
            RkeyEnd = rkeyEnd,
        };
        return new RecordPageResult(await mediator.Send(query, cancellationToken));
    }

    /// <summary>Lexicon: <c>com.atproto.repo.describeRepo</c>.</summary>
    [XrpcRoute<DescribeRepoQuery>]
    public async Task<IActionResult> DescribeRepo(AtIdentifier repo, CancellationToken cancellationToken) =>
        Output(await mediator.Send(new DescribeRepoQuery(repo), cancellationToken));

    /// <summary>Lexicon: <c>com.atproto.repo.importRepo</c>.</summary>
    [XrpcRoute<ImportRepoCommand>]
    [Capacity(CapacityKind.Uploads)]
    public async Task<IActionResult> ImportRepo(
        Caller caller,
        [XrpcBody(Limit = XrpcBodyLimit.RepoImport, ContentType = "application/vnd.ipld.car")] Stream archive,
        CancellationToken cancellationToken) =>
        Output(await mediator.Send(
            new ImportRepoCommand(caller, archive) { Review = (writes, token) => mediator.Send(new ReviewImportCommand(caller, writes), token) }, cancellationToken));
}
