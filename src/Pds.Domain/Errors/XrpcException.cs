namespace Pds.Domain.Errors;

/// <summary>A request is refused; the error and the message go to the client.</summary>
/// <param name="error">The named refusal.</param>
/// <param name="message">Our own words: nothing secret, and never the message of another exception.</param>
public sealed class XrpcException(XrpcError error, string message) : Exception(message)
{
    /// <summary>The named refusal.</summary>
    public XrpcError Error => error;
}
