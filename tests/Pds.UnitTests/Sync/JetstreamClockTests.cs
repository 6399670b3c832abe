using Pds.Application.Sync;

namespace Pds.UnitTests.Sync;

internal sealed class JetstreamClockTests
{
    [Test]
    public void Stamp_WithinAMillisecond_CountsMicroseconds()
    {
        JetstreamClock clock = default;

        long[] times = [clock.Stamp(5, out clock), clock.Stamp(5, out clock), clock.Stamp(6, out clock), clock.Stamp(6, out clock)];

        Assert.That(times, Is.EqualTo(new long[] { 5000, 5001, 6000, 6001 }));
    }

    [Test]
    public void Stamp_WhenAMillisecondIsFull_StaysWithinIt()
    {
        JetstreamClock clock = default;
        long last = 0;
        for (int i = 0; i < 1500; i++)
        {
            last = clock.Stamp(7, out clock);
        }

        Assert.That(last, Is.EqualTo(7999));
        Assert.That(clock.Stamp(8, out clock), Is.EqualTo(8000));
    }
}
