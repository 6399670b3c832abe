using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Pds.Api.Xrpc;
using Pds.Application.Pipeline;
using Pds.Application.Sync;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;

namespace Pds.Api.Sync;

/// <summary>Repositories as a whole: <c>com.atproto.sync.*</c>.</summary>
/// <param name="mediator">Sends the messages.</param>
public sealed class SyncController(IMediator mediator) : XrpcController
{
    /// <summary>Lexicon: <c>com.atproto.sync.getRepo</c>.</summary>
    [HttpGet("com.atproto.sync.getRepo")]
    public async Task<IActionResult> GetRepo([BindRequired] Did did, Tid? since, Caller caller, CancellationToken cancellationToken) =>
        new CarResult(await mediator.Send(new GetRepoQuery(did, since, caller), cancellationToken));

    /// <summary>Lexicon: <c>com.atproto.sync.getCheckout</c>, deprecated.</summary>
    [HttpGet("com.atproto.sync.getCheckout")]
    public async Task<IActionResult> GetCheckout([BindRequired] Did did, Caller caller, CancellationToken cancellationToken) =>
        new CarResult(await mediator.Send(new GetRepoQuery(did, null, caller), cancellationToken));

    /// <summary>Lexicon: <c>com.atproto.sync.getBlocks</c>.</summary>
    [HttpGet("com.atproto.sync.getBlocks")]
    public async Task<IActionResult> GetBlocks([BindRequired] Did did, [BindRequired] Cid[] cids, Caller caller, CancellationToken cancellationToken) =>
        new CarResult(await mediator.Send(new GetBlocksQuery(did, cids, caller), cancellationToken));

    /// <summary>Lexicon: <c>com.atproto.sync.getRecord</c>.</summary>
    [HttpGet("com.atproto.sync.getRecord")]
    public async Task<IActionResult> GetRecord(
        [BindRequired] Did did,
        [BindRequired] Nsid collection,
        [BindRequired] RecordKey rkey,
        Caller caller,
        CancellationToken cancellationToken) =>
        new CarResult(await mediator.Send(new GetRecordProofQuery(did, new RecordPath(collection, rkey), caller), cancellationToken));

    /// <summary>Lexicon: <c>com.atproto.sync.getLatestCommit</c>.</summary>
    [HttpGet("com.atproto.sync.getLatestCommit")]
    public async Task<IActionResult> GetLatestCommit([BindRequired] Did did, Caller caller, CancellationToken cancellationToken) =>
        Output(await mediator.Send(new GetLatestCommitQuery(did, caller), cancellationToken));

    /// <summary>Lexicon: <c>com.atproto.sync.getHead</c>, deprecated.</summary>
    [HttpGet("com.atproto.sync.getHead")]
    public async Task<IActionResult> GetHead([BindRequired] Did did, Caller caller, CancellationToken cancellationToken) =>
        Output(await mediator.Send(new GetHeadQuery(did, caller), cancellationToken));

    /// <summary>Lexicon: <c>com.atproto.sync.getRepoStatus</c>.</summary>
    [HttpGet("com.atproto.sync.getRepoStatus")]
    public async Task<IActionResult> GetRepoStatus([BindRequired] Did did, CancellationToken cancellationToken) =>
        Output(await mediator.Send(new GetRepoStatusQuery(did), cancellationToken));

    /// <summary>Lexicon: <c>com.atproto.sync.listRepos</c>.</summary>
    [HttpGet("com.atproto.sync.listRepos")]
    public async Task<IActionResult> ListRepos(string? cursor, CancellationToken cancellationToken, int limit = 500) =>
        Output(await mediator.Send(new ListReposQuery { Limit = limit, Cursor = cursor }, cancellationToken));
}
