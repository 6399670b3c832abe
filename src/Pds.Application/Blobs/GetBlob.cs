using MediatR;
using Pds.Application.Accounts;
using Pds.Application.Pipeline;
using Pds.Application.Sync;
using Pds.Domain.Blobs;
using Pds.Domain.DataModel;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;

namespace Pds.Application.Blobs;

/// <summary>Finds a blob that a record refers to. Lexicon: <c>com.atproto.sync.getBlob</c>.</summary>
/// <param name="Did">Whose.</param>
/// <param name="Cid">Which.</param>
/// <param name="Caller">Who asks.</param>
[XrpcMethod("com.atproto.sync.getBlob")]
public sealed record GetBlobQuery(Did Did, Cid Cid, Caller Caller) : IQuery<ServedBlob>, IAnonymousRequest;

/// <summary>A blob that may be read.</summary>
/// <param name="Did">Whose.</param>
/// <param name="Entry">What is known of it.</param>
/// <param name="Store">Where its bytes are.</param>
public sealed record ServedBlob(Did Did, BlobEntry Entry, IBlobStore Store)
{
    /// <summary>Opens a part of the blob.</summary>
    /// <param name="offset">First byte.</param>
    /// <param name="length">How many bytes; the stream may go on behind them.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="XrpcException">BlobNotFound: the file is gone. BlobDamaged: it is too short. UpstreamTimeout.</exception>
    public async Task<Stream> OpenAsync(long offset, long length, CancellationToken cancellationToken)
    {
        try
        {
            return await Store.OpenAsync(Did, Entry.Cid, offset, length, cancellationToken) ?? throw NotFound();
        }
        catch (InvalidDataException)
        {
            throw new XrpcException(BlobErrors.BlobDamaged, $"The file of the blob {Entry.Cid} of {Did} is damaged on this server.");
        }
        catch (TimeoutException)
        {
            throw new XrpcException(RequestErrors.UpstreamTimeout, "Operation timed out, please try again.");
        }
    }

    internal static XrpcException NotFound() => new(BlobErrors.BlobNotFound, "Blob not found");
}

internal sealed class GetBlobHandler(IAccountStore accounts, IBlobIndex index, IBlobStore store) : IRequestHandler<GetBlobQuery, ServedBlob>
{
    public async Task<ServedBlob> Handle(GetBlobQuery request, CancellationToken cancellationToken)
    {
        await accounts.RequireReadableAsync(new AtIdentifier(request.Did), request.Caller, cancellationToken, allowTakendownSession: true);
        return await index.FindAsync(request.Did, request.Cid, cancellationToken) is { IsServed: true } entry
            ? new ServedBlob(request.Did, entry, store)
            : throw ServedBlob.NotFound();
    }
}
