using Pds.Api.Sync;

namespace Pds.UnitTests.Sync.UseCases;

internal sealed class SubscriberLagTests
{
    [Test]
    public void IsTooMuch_WhenLiveAndMoreCameWhileStalled_IsTrue()
    {
        var lag = new SubscriberLag(maxWaiting: 20);
        lag.CatchUp();

        lag.Stall(15);
        bool early = lag.IsTooMuch(waiting: 21);
        lag.Stall(6);

        Assert.That(early, Is.False);
        Assert.That(lag.IsTooMuch(waiting: 21), Is.True);
    }

    [Test]
    public void IsTooMuch_WhenFewEnoughAreWaiting_IsFalse()
    {
        var lag = new SubscriberLag(maxWaiting: 20);
        lag.CatchUp();
        lag.Stall(1000);

        Assert.That(lag.IsTooMuch(waiting: 20), Is.False);
    }

    [Test]
    public void IsTooMuch_WhenStillCatchingUp_IsFalse()
    {
        var lag = new SubscriberLag(maxWaiting: 20);
        lag.Stall(1000);

        Assert.That(lag.IsTooMuch(waiting: 1_000_000), Is.False);
    }

    [Test]
    public void IsTooMuch_AfterABurstAtAnIdleSocket_IsFalse()
    {
        var lag = new SubscriberLag(maxWaiting: 20);
        lag.CatchUp();

        Assert.That(lag.IsTooMuch(waiting: 600), Is.False);
    }

    [Test]
    public void CatchUp_ForgetsEarlierStalls()
    {
        var lag = new SubscriberLag(maxWaiting: 20);
        lag.CatchUp();
        lag.Stall(1000);

        lag.CatchUp();

        Assert.That(lag.IsTooMuch(waiting: 600), Is.False);
    }
}
