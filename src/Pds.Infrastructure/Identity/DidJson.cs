using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.Identity;
using Pds.Infrastructure.Http;

namespace Pds.Infrastructure.Identity;

/// <summary>Reads an HTTP answer that should be a DID document.</summary>
internal static class DidJson
{
    /// <summary>Longest document, in bytes.</summary>
    public const int MaxBytes = 256 * 1024;

    /// <summary>Header <c>Accept</c> of requests for documents.</summary>
    public const string Accept = "application/did+ld+json,application/json";

    /// <summary>The document, or <see langword="null"/> for 404 and 410.</summary>
    /// <exception cref="XrpcException">UpstreamFailure for any other status; InvalidRequest for something that is no document of that DID.</exception>
    public static DidDocument? Read(Did did, FetchResponse response)
    {
        if (response.IsMissing)
        {
            return null;
        }

        if (!response.IsSuccess)
        {
            throw new XrpcException(RequestErrors.UpstreamFailure, "The DID could not be resolved now.");
        }

        try
        {
            return DidDocument.Parse(did, response.Body);
        }
        catch (FormatException)
        {
            throw new XrpcException(RequestErrors.InvalidRequest, "The DID leads to a poorly formatted DID document.");
        }
    }
}
