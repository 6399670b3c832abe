namespace Pds.Domain.Lexicons;

/// <summary>The kinds of XRPC methods.</summary>
public enum MethodKind
{
    /// <summary>Reads; GET.</summary>
    Query,

    /// <summary>Acts; POST.</summary>
    Procedure,

    /// <summary>Streams; a WebSocket.</summary>
    Subscription,
}

/// <summary>Types <c>query</c>, <c>procedure</c> and <c>subscription</c>.</summary>
public sealed class MethodSchema : LexiconSchema
{
    /// <summary>Which of the three.</summary>
    public required MethodKind Kind { get; init; }

    /// <summary>The query string; <see langword="null"/> where there is none.</summary>
    public ObjectSchema? Parameters { get; init; }

    /// <summary>The body of a procedure.</summary>
    public MethodBody? Input { get; init; }

    /// <summary>The body of the answer.</summary>
    public MethodBody? Output { get; init; }

    /// <summary>The messages of a subscription.</summary>
    public UnionSchema? Message { get; init; }

    /// <summary>Names of the errors that the method may answer with.</summary>
    public required IReadOnlyList<string> Errors { get; init; }
}

/// <summary>A body.</summary>
/// <param name="Encoding">Its media type.</param>
/// <param name="Schema">What JSON holds: an object, a ref or a union; <see langword="null"/> where nothing is said.</param>
public sealed record MethodBody(string Encoding, LexiconSchema? Schema);
