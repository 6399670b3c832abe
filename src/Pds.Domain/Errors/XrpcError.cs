namespace Pds.Domain.Errors;

/// <summary>A named refusal, as it appears in the field <c>error</c> of an XRPC error body.</summary>
/// <param name="Name">The name, spelled as in the lexicon.</param>
/// <param name="Kind">What the HTTP status follows from.</param>
public sealed record XrpcError(string Name, XrpcErrorKind Kind);
