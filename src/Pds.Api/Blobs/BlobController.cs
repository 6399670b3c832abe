using MediatR;
using Microsoft.AspNetCore.Mvc;
using Pds.Api.RateLimits;
using Pds.Api.Xrpc;
using Pds.Application.Blobs;
using Pds.Application.Pipeline;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;

namespace Pds.Api.Blobs;

/// <summary>Blobs: the part of <c>com.atproto.repo.*</c> and <c>com.atproto.sync.*</c> that deals with them.</summary>
/// <param name="mediator">Sends the messages.</param>
[XrpcOpenTo(CallerKinds.Account)]
internal sealed class BlobController(IMediator mediator) : XrpcController
{
    /// <summary>Lexicon: <c>com.atproto.repo.uploadBlob</c>.</summary>
    [XrpcRoute<UploadBlobCommand>]
    [XrpcOpenTo(CallerKinds.Account | CallerKinds.Service)]
    [Capacity(CapacityKind.Uploads)]
    public async Task<IActionResult> UploadBlob(
        Caller caller,
        [XrpcBody(ContentType = "*/*", Limit = XrpcBodyLimit.BlobUpload)] Stream body,
        CancellationToken cancellationToken) =>
        Output(await mediator.Send(new UploadBlobCommand(caller, body, MediaType(Request.ContentType)), cancellationToken));

    /// <summary>Lexicon: <c>com.atproto.repo.listMissingBlobs</c>.</summary>
    [XrpcRoute<ListMissingBlobsQuery>]
    public async Task<IActionResult> ListMissingBlobs(string? cursor, Caller caller, CancellationToken cancellationToken, [XrpcRange(1, 1000)] int limit = 500) =>
        Output(await mediator.Send(new ListMissingBlobsQuery(caller) { Limit = limit, Cursor = cursor }, cancellationToken));

    /// <summary>Lexicon: <c>com.atproto.sync.getBlob</c>.</summary>
    [XrpcRoute<GetBlobQuery>]
    [XrpcOpenTo(CallerKinds.Account | CallerKinds.Operator)]
    [XrpcUncompressed]
    public async Task<IActionResult> GetBlob(Did did, Cid cid, [XrpcCaller(Optional = true)] Caller caller, CancellationToken cancellationToken) =>
        new BlobResult(await mediator.Send(new GetBlobQuery(did, cid, caller), cancellationToken));

    /// <summary>Lexicon: <c>com.atproto.sync.listBlobs</c>.</summary>
    [XrpcRoute<ListBlobsQuery>]
    [XrpcOpenTo(CallerKinds.Account | CallerKinds.Operator)]
    public async Task<IActionResult> ListBlobs(
        Did did,
        Tid? since,
        string? cursor,
        [XrpcCaller(Optional = true)] Caller caller,
        CancellationToken cancellationToken,
        [XrpcRange(1, 1000)] int limit = 500) =>
        Output(await mediator.Send(new ListBlobsQuery(did, caller) { Since = since, Limit = limit, Cursor = cursor }, cancellationToken));

    /// <summary>A media type without its parameters; the body's binding has refused requests without any.</summary>
    private static string MediaType(string? contentType)
    {
        string text = contentType ?? "";
        int parameters = text.IndexOf(';', StringComparison.Ordinal);
        return (parameters < 0 ? text : text[..parameters]).Trim();
    }
}
