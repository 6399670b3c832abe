namespace Pds.Api.Sync;

/// <summary>Tells a subscriber that cannot keep up from one that is catching up, or was met by a burst.</summary>
/// <remarks>
/// A subscriber is live once it has had everything there was. If from then on more events than allowed come while its socket takes no
/// more data, and more than allowed are still waiting for it, it is too slow. Having everything again makes it as good as new. Events
/// that come at once while the socket is idle do not count, however many they are.
/// </remarks>
/// <param name="maxWaiting">How many events may wait.</param>
internal struct SubscriberLag(int maxWaiting)
{
    private bool _isLive;
    private long _missed;

    /// <summary>The subscriber has everything there is.</summary>
    public void CatchUp()
    {
        _isLive = true;
        _missed = 0;
    }

    /// <summary>So many events came while the socket took no more data.</summary>
    public void Stall(long events) => _missed += events;

    /// <summary>Whether so many waiting events are too many.</summary>
    public readonly bool IsTooMuch(long waiting) => _isLive && waiting > maxWaiting && _missed > maxWaiting;
}
