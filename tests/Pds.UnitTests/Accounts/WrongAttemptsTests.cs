using System.Net;
using Microsoft.Extensions.Options;
using Pds.Application.Accounts;
using Pds.Domain.Errors;
using Pds.UnitTests.Fakes;

namespace Pds.UnitTests.Accounts;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class WrongAttemptsTests
{
    private const int Limit = 5;
    private static readonly IPAddress Here = IPAddress.Parse("192.0.2.1");
    private readonly ManualTime _time = new();
    private readonly WrongAttempts _attempts;

    public WrongAttemptsTests() => _attempts = new WrongAttempts(Options.Create(new AccountOptions()), _time);

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
        Assert.That(_attempts.Add("alice", Here), Is.EqualTo(1));
    }

    [Test]
    public void Forget_OpensAgain()
    {
        Fail(Limit, Here);

        _attempts.Forget("alice", Here);

        Assert.That(IsOpen("alice", Here), Is.True);
    }

    [Test]
    public void Add_OfMoreThanThereIsRoomFor_ForgetsTheOldest()
    {
        Fail(Limit, Here);

        for (int i = 0; i < WrongAttempts.Capacity; i++)
        {
            _attempts.Add($"name {i}", Here);
        }

        Assert.That(_attempts.Count, Is.EqualTo(WrongAttempts.Capacity));
        Assert.That(IsOpen("alice", Here), Is.True);
    }

    [Test]
    public void Add_WhenOthersAreOver_DropsThem()
    {
        Fail(1, Here);
        _time.Advance(TimeSpan.FromMinutes(15));

        _attempts.Add("bob", Here);

        Assert.That(_attempts.Count, Is.EqualTo(1));
    }

    private void Fail(int times, IPAddress address)
    {
        for (int i = 0; i < times; i++)
        {
            _attempts.Add("alice", address);
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
