using Pds.Application.Sync;
using Pds.Domain.Sync;

namespace Pds.Infrastructure.Sync;

/// <summary>An event with its number.</summary>
/// <param name="Seq">Its sequence number.</param>
/// <param name="Time">When it was sequenced, in milliseconds since the Unix epoch.</param>
/// <param name="AccountId">Whose it is.</param>
/// <param name="Body">See <see cref="EventBody"/>; <see langword="null"/> says that the account's earlier events are withdrawn.</param>
internal readonly record struct Event(long Seq, long Time, long AccountId, byte[]? Body)
{
    /// <summary>Makes what is sent. Done once for all subscribers, and alike for events from memory and from the database.</summary>
    public SequencedFrame ToFrame() => new(Seq, EventBody.ToFrame(Body, Seq, DateTimeOffset.FromUnixTimeMilliseconds(Time)));
}
