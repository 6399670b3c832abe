using System.Net;
using Pds.Application.Accounts;
using Pds.Domain.Errors;
using Pds.UnitTests.Fakes;

namespace Pds.UnitTests.Accounts;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class AttemptTableTests
{
    private const int Limit = 5;
    private const int Room = 1_000;
    private static readonly IPAddress Here = IPAddress.Parse("192.0.2.1");
    private readonly ManualTime _time = new();
    private readonly AttemptTable _attempts;

    public AttemptTableTests() => _attempts = new AttemptTable(_time, () => TimeSpan.FromMinutes(15), () => Room);

    [Test]
    public void RequireOpen_AtTheLimit_RefusesThatPairOnly()
    {
        Fail(Limit, Here);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(IsOpen("alice", Here), Is.False);
            Assert.That(IsOpen("alice", IPAddress.Parse("::ffff:192.0.2.1")), Is.False);
            Assert.That(IsOpen("alice", IPAddress.Parse("192.0.2.2")), Is.True);
            Assert.That(IsOpen("bob", Here), Is.True);
            Assert.That(IsOpen("alice", null), Is.True);
        }
    }

    [Test]
    public void RequireOpen_BelowTheLimit_IsOpen()
    {
        Fail(Limit - 1, Here);

        Assert.That(IsOpen("alice", Here), Is.True);
    }

    [Test]
    public void RequireOpen_OfIPv6_CountsTheNetwork()
    {
        Fail(Limit, IPAddress.Parse("2001:db8:1:2::1"));

        Assert.That(IsOpen("alice", IPAddress.Parse("2001:db8:1:2:ffff::9")), Is.False);
        Assert.That(IsOpen("alice", IPAddress.Parse("2001:db8:1:3::1")), Is.True);
    }

    [Test]
    public void RequireOpen_AfterTheLockTime_IsOpenAndCountsFromTheStart()
    {
        Fail(Limit, Here);

        _time.Advance(TimeSpan.FromMinutes(15));

        Assert.That(IsOpen("alice", Here), Is.True);
        Assert.That(_attempts.Add("alice", Here, Limit), Is.EqualTo(1));
    }

    [Test]
    public void Forget_OpensAgain()
    {
        Fail(Limit, Here);

        _attempts.Forget("alice", Here);

        Assert.That(IsOpen("alice", Here), Is.True);
    }

    // Pitfall M 212.
    [Test]
    public void Add_OfTwentyThousandNamesFromOneAddress_KeepsItsLock_AndRefusesOtherNamesFromThere()
    {
        Fail(Limit, Here);

        for (int i = 0; i < 20_500 && IsOpen($"name {i}", Here); i++)
        {
            _attempts.Add($"name {i}", Here, Limit);
        }

        using (Assert.EnterMultipleScope())
        {
            Assert.That(_attempts.Count, Is.EqualTo(Room));
            Assert.That(IsOpen("alice", Here), Is.False);
            Assert.That(IsOpen("name 0", Here), Is.True, "a name that is known already has its own count");
            Assert.That(IsOpen("another name", Here), Is.False);
            Assert.That(IsOpen("another name", IPAddress.Parse("192.0.2.2")), Is.True);
        }
    }

    [Test]
    public void Add_OfMoreThanThereIsRoomFor_ForgetsWhatIsOpenAndKeepsWhatIsLocked()
    {
        Fail(Limit, Here);
        _attempts.Add("bob", Here, Limit);

        for (int i = 0; i < AttemptTable.Capacity; i++)
        {
            _attempts.Add($"name {i}", address: null, Limit);
        }

        Assert.That(_attempts.Count, Is.EqualTo(AttemptTable.Capacity));
        Assert.That(IsOpen("alice", Here), Is.False);
        Assert.That(_attempts.Add("bob", Here, Limit), Is.EqualTo(1), "it was forgotten");
    }

    [Test]
    public void Forget_MakesRoomForItsAddress()
    {
        for (int i = 0; i < Room; i++)
        {
            _attempts.Add($"name {i}", Here, Limit);
        }

        _attempts.Forget("name 0", Here);

        Assert.That(IsOpen("another name", Here), Is.True);
    }

    [Test]
    public void Add_WhenOthersAreOver_DropsThem()
    {
        Fail(1, Here);
        _time.Advance(TimeSpan.FromMinutes(15));

        _attempts.Add("bob", Here, Limit);

        Assert.That(_attempts.Count, Is.EqualTo(1));
    }

    private void Fail(int times, IPAddress address)
    {
        for (int i = 0; i < times; i++)
        {
            _attempts.Add("alice", address, Limit);
        }
    }

    private bool IsOpen(string subject, IPAddress? address)
    {
        try
        {
            _attempts.RequireOpen(subject, address, Limit);
            return true;
        }
        catch (XrpcException refusal) when (refusal.Error == RequestErrors.RateLimitExceeded)
        {
            return false;
        }
    }
}
