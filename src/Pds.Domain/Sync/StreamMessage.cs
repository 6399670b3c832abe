namespace Pds.Domain.Sync;

/// <summary>One message of <c>com.atproto.sync.subscribeRepos</c>, as <see cref="EventFrame.Decode"/> reads it.</summary>
public abstract record StreamMessage
{
    private protected StreamMessage()
    {
    }
}

/// <summary>An event with its place in the stream: <c>#commit</c>, <c>#sync</c>, <c>#identity</c>, <c>#account</c>.</summary>
/// <param name="Seq">Its sequence number, at least 1; the cursor to come back with.</param>
/// <param name="Time">When the server sequenced it, for information only.</param>
/// <param name="Event">What happened.</param>
public sealed record EventMessage(long Seq, DateTimeOffset Time, RepoEvent Event) : StreamMessage;

/// <summary>A remark about the stream: <c>#info</c>. It has no sequence number.</summary>
/// <param name="Name">What it is about, such as <c>OutdatedCursor</c>.</param>
/// <param name="Message">An explanation for people, when there is one.</param>
public sealed record InfoMessage(string Name, string? Message) : StreamMessage;

/// <summary>A refusal; the server closes the stream after it.</summary>
/// <param name="Error">The name, such as <c>FutureCursor</c>.</param>
/// <param name="Message">An explanation for people, when there is one.</param>
public sealed record ErrorMessage(string Error, string? Message) : StreamMessage;

/// <summary>A message of a kind that this version does not know. Consumers skip it.</summary>
/// <param name="Op">The operation: 1 for messages.</param>
/// <param name="Type">The type, such as <c>#new</c>, when the header has one.</param>
public sealed record UnknownMessage(long Op, string? Type) : StreamMessage;

/// <summary>Bytes are not a message of the stream: a member is missing, of another type or beyond the bounds of the lexicon.</summary>
/// <param name="message">What is wrong, for people.</param>
public sealed class EventFrameException(string message) : FormatException(message);
