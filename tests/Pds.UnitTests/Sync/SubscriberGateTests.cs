using System.Net;
using Pds.Api.Sync;
using Pds.Application.Settings;

namespace Pds.UnitTests.Sync;

internal sealed class SubscriberGateTests
{
    [TestCase("203.0.113.5", "203.0.113.5", false)]
    [TestCase("203.0.113.5", "203.0.113.6", true)]
    [TestCase("203.0.113.5", "::ffff:203.0.113.5", false)]
    [TestCase("2001:db8:0:1::1", "2001:db8:0:1:ffff::9", false)]
    [TestCase("2001:db8:0:1::1", "2001:db8:0:2::1", true)]
    [TestCase("127.0.0.1", "127.0.0.1", true)]
    [TestCase("::1", "::1", true)]
    public void TryEnter_WhenOneIsOpen_LetsOtherNetworksIn(string open, string next, bool isLetIn)
    {
        SubscriberGate gate = new(new FirehoseSettings { MaxSubscribersPerAddress = 1 });
        using IDisposable? first = gate.TryEnter(IPAddress.Parse(open), out _);

        using IDisposable? second = gate.TryEnter(IPAddress.Parse(next), out _);

        Assert.That(second is not null, Is.EqualTo(isLetIn));
    }

    [Test]
    public void TryEnter_BeyondAllThatThereMayBe_IsFullUntilOneLeaves()
    {
        SubscriberGate gate = new(new FirehoseSettings { MaxSubscribers = 1 });
        IDisposable? first = gate.TryEnter(IPAddress.Parse("203.0.113.5"), out bool wasFull);
        using IDisposable? second = gate.TryEnter(IPAddress.Parse("203.0.113.6"), out bool isFull);

        first?.Dispose();
        using IDisposable? third = gate.TryEnter(IPAddress.Parse("203.0.113.6"), out _);

        Assert.That((wasFull, isFull), Is.EqualTo((false, true)));
        Assert.That(second, Is.Null);
        Assert.That(third, Is.Not.Null);
    }

    [Test]
    public void Leaving_MakesRoomOnce()
    {
        SubscriberGate gate = new(new FirehoseSettings { MaxSubscribersPerAddress = 2 });
        var address = IPAddress.Parse("203.0.113.5");
        IDisposable first = gate.TryEnter(address, out _)!;
        using IDisposable? second = gate.TryEnter(address, out _);

        first.Dispose();
        first.Dispose();

        using IDisposable? third = gate.TryEnter(address, out _);
        using IDisposable? fourth = gate.TryEnter(address, out _);
        Assert.That(third, Is.Not.Null);
        Assert.That(fourth, Is.Null);
    }
}
