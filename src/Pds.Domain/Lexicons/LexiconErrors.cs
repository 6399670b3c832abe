using Pds.Domain.Errors;

namespace Pds.Domain.Lexicons;

/// <summary>Refusals of <c>com.atproto.lexicon.*</c>.</summary>
public static class LexiconErrors
{
    /// <summary>No lexicon was resolved for the NSID.</summary>
    public static readonly XrpcError LexiconNotFound = new("LexiconNotFound", XrpcErrorKind.Invalid);
}
