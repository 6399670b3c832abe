namespace Pds.Infrastructure.Persistence;

/// <summary>Something that is kept together with a queued write, if that changes anything; see <see cref="QueuedWrite.Joined"/>.</summary>
/// <param name="Write">Writes it, within the queue's transaction.</param>
/// <param name="Undo">Called on the queue's thread when what it wrote was not kept.</param>
internal sealed record JoinedWrite(Action<WriteTransaction> Write, Action Undo);
