using MediatR;
using Pds.Application.Pipeline;
using Pds.Domain.Blobs;
using Pds.Domain.DataModel;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;

namespace Pds.Application.Blobs;

/// <summary>Takes in a blob that a record is going to refer to. Lexicon: <c>com.atproto.repo.uploadBlob</c>.</summary>
/// <param name="Caller">A session, or a service token of the account for this method.</param>
/// <param name="Content">The bytes; refuses to be read past the size limit.</param>
/// <param name="ContentType">The media type of the request, without parameters.</param>
[XrpcMethod("com.atproto.repo.uploadBlob")]
[RateLimit(1000, RateLimitWindow.Day)]
public sealed record UploadBlobCommand(Caller Caller, Stream Content, string ContentType) : ICommand<UploadBlobOutput>, IAuthorizedRequest
{
    /// <inheritdoc/>
    public Permission Required => Permission.UploadBlob(ContentType);
}

/// <summary>Output of <see cref="UploadBlobCommand"/>.</summary>
/// <param name="Blob">The reference to be put into a record.</param>
public sealed record UploadBlobOutput(BlobRef Blob);

internal sealed class UploadBlobHandler(IBlobStore store, IBlobIndex index) : IRequestHandler<UploadBlobCommand, UploadBlobOutput>
{
    public async Task<UploadBlobOutput> Handle(UploadBlobCommand command, CancellationToken cancellationToken)
    {
        Did did = command.Caller switch
        {
            Caller.Service service => service.Issuer,
            { Account: { } account } => account,
            _ => throw new XrpcException(AuthErrors.AuthMissing, AuthErrors.CredentialsRequired),
        };
        try
        {
            BlobUpload upload = await store.PutAsync(did, command.Content, cancellationToken);
            string mimeType = MediaTypes.Sniff(upload.Prefix.Span) ?? Declared(command.ContentType);
            await index.AddAsync(did, upload, mimeType, cancellationToken);
            return new UploadBlobOutput(new BlobRef(upload.Cid, mimeType, upload.Size));
        }
        catch (TimeoutException)
        {
            throw new XrpcException(RequestErrors.UpstreamTimeout, "Operation timed out, please try again.");
        }
    }

    /// <summary>What a client says counts where the bytes say nothing; a reference without a slash would be no blob.</summary>
    private static string Declared(string contentType) => contentType.Contains('/', StringComparison.Ordinal) ? contentType : MediaTypes.Unknown;
}
