using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Pds.Api.Xrpc;

/// <summary>What went wrong while a request was read. MVC reads forms before their action does, and wraps the exceptions.</summary>
internal static class RequestFault
{
    /// <summary>Whether a body is longer than the server reads.</summary>
    public static bool IsTooLarge(Exception exception) => exception is BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge };

    /// <summary>Whether a request could not be read to its end.</summary>
    public static bool IsUnreadable(Exception exception) =>
        exception is BadHttpRequestException or InvalidDataException or ValueProviderException
        || exception.InnerException is BadHttpRequestException or InvalidDataException;
}
