using MediatR;
using Microsoft.AspNetCore.Mvc;
using Pds.Api.RateLimits;
using Pds.Api.Xrpc;
using Pds.Application.Pipeline;
using Pds.Application.Sync;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;

namespace Pds.Api.Sync;

/// <summary>Repositories as a whole: <c>com.atproto.sync.*</c>.</summary>
/// <param name="mediator">Sends the messages.</param>
[XrpcOpenTo(CallerKinds.Account | CallerKinds.Operator)]
internal sealed class SyncController(IMediator mediator) : XrpcController
{
    /// <summary>Lexicon: <c>com.atproto.sync.getRepo</c>.</summary>
    [XrpcRoute<GetRepoQuery>]
    [Capacity(CapacityKind.Exports)]
    public async Task<IActionResult> GetRepo(
        Did did,
        Tid? since,
        [XrpcCaller(Optional = true)] Caller caller,
        CancellationToken cancellationToken) =>
        new CarResult(await mediator.Send(new GetRepoQuery(did, since, caller), cancellationToken));

    /// <summary>Lexicon: <c>com.atproto.sync.getCheckout</c>, deprecated.</summary>
    [HttpGet("com.atproto.sync.getCheckout")]
    [Capacity(CapacityKind.Exports)]
    public async Task<IActionResult> GetCheckout(
        Did did,
        [XrpcCaller(Optional = true)] Caller caller,
        CancellationToken cancellationToken) =>
        new CarResult(await mediator.Send(new GetRepoQuery(did, null, caller) { AllowTakendownSession = false }, cancellationToken));

    /// <summary>Lexicon: <c>com.atproto.sync.getBlocks</c>.</summary>
    [XrpcRoute<GetBlocksQuery>]
    [Capacity(CapacityKind.Exports)]
    public async Task<IActionResult> GetBlocks(
        Did did,
        Cid[] cids,
        [XrpcCaller(Optional = true)] Caller caller,
        CancellationToken cancellationToken) =>
        new CarResult(await mediator.Send(new GetBlocksQuery(did, cids, caller), cancellationToken));

    /// <summary>Lexicon: <c>com.atproto.sync.getRecord</c>.</summary>
    [XrpcRoute<GetRecordProofQuery>]
    public async Task<IActionResult> GetRecord(
        Did did,
        Nsid collection,
        RecordKey rkey,
        [XrpcCaller(Optional = true)] Caller caller,
        CancellationToken cancellationToken) =>
        new CarResult(await mediator.Send(new GetRecordProofQuery(did, new RecordPath(collection, rkey), caller), cancellationToken));

    /// <summary>Lexicon: <c>com.atproto.sync.getLatestCommit</c>.</summary>
    [XrpcRoute<GetLatestCommitQuery>]
    public async Task<IActionResult> GetLatestCommit(
        Did did,
        [XrpcCaller(Optional = true)] Caller caller,
        CancellationToken cancellationToken) =>
        Output(await mediator.Send(new GetLatestCommitQuery(did, caller), cancellationToken));

    /// <summary>Lexicon: <c>com.atproto.sync.getHead</c>, deprecated.</summary>
    [XrpcRoute<GetHeadQuery>]
    public async Task<IActionResult> GetHead(Did did, [XrpcCaller(Optional = true)] Caller caller, CancellationToken cancellationToken) =>
        Output(await mediator.Send(new GetHeadQuery(did, caller), cancellationToken));

    /// <summary>Lexicon: <c>com.atproto.sync.getRepoStatus</c>.</summary>
    [XrpcRoute<GetRepoStatusQuery>]
    public async Task<IActionResult> GetRepoStatus(Did did, CancellationToken cancellationToken) =>
        Output(await mediator.Send(new GetRepoStatusQuery(did), cancellationToken));

    /// <summary>Lexicon: <c>com.atproto.sync.subscribeRepos</c>.</summary>
    [HttpGet("com.atproto.sync.subscribeRepos")]
    [XrpcSubscription]
    public IActionResult SubscribeRepos() => new SubscribeReposResult(mediator);

    /// <summary>Lexicon: <c>com.atproto.sync.listRepos</c>.</summary>
    [XrpcRoute<ListReposQuery>]
    public async Task<IActionResult> ListRepos(string? cursor, CancellationToken cancellationToken, [XrpcRange(1, 1000)] int limit = 500) =>
        Output(await mediator.Send(new ListReposQuery { Limit = limit, Cursor = cursor }, cancellationToken));

    /// <summary>Lexicon: <c>com.atproto.sync.listReposByCollection</c>. Relays serve it for the network; here it tells of this server alone.</summary>
    [XrpcRoute<ListReposByCollectionQuery>]
    public async Task<IActionResult> ListReposByCollection(
        Nsid collection, string? cursor, CancellationToken cancellationToken, [XrpcRange(1, 2000)] int limit = 500) =>
        Output(await mediator.Send(new ListReposByCollectionQuery(collection) { Limit = limit, Cursor = cursor }, cancellationToken));
}
