using Pds.Api.RateLimits;
using Pds.UnitTests.Fakes;

namespace Pds.UnitTests.RateLimits;

internal sealed class RateLimitBucketTests
{
    private static readonly RateLimitRule Rule = new("test", 3, TimeSpan.FromMinutes(5)) { Key = _ => null };

    private readonly ManualTime _time = new();

    [Test]
    public void Consume_UpToTheLimit_CountsDown()
    {
        RateLimitBucket bucket = new(Rule, _time);

        RateLimitState[] states = [bucket.Consume("a", 1), bucket.Consume("a", 2), bucket.Consume("a", 1)];

        Assert.That(states.Select(state => (state.Remaining, state.IsExceeded)), Is.EqualTo(new[] { (2L, false), (0L, false), (0L, true) }));
    }

    [Test]
    public void Consume_AtTheEndOfTheWindowOfTheFirstRequest_BeginsAnew()
    {
        RateLimitBucket bucket = new(Rule, _time);
        DateTimeOffset end = bucket.Consume("a", 3).ResetsAt;
        _time.Advance(TimeSpan.FromMinutes(4));
        DateTimeOffset same = bucket.Consume("a", 1).ResetsAt;

        _time.Advance(TimeSpan.FromMinutes(1));
        RateLimitState anew = bucket.Consume("a", 1);

        Assert.That(same, Is.EqualTo(end));
        Assert.That((anew.Remaining, anew.ResetsAt), Is.EqualTo((2L, end.AddMinutes(5))));
    }

    [Test]
    public void Consume_OfSeveralKeys_CountsEachByItself()
    {
        RateLimitBucket bucket = new(Rule, _time);
        bucket.Consume("a", 3);

        Assert.That(bucket.Consume("b", 1).Remaining, Is.EqualTo(2));
    }

    [Test]
    public void Consume_OfEverNewKeys_HoldsABoundedNumberOfCounters()
    {
        RateLimitBucket bucket = new(Rule, _time);
        for (int i = 0; i < RateLimitBucket.Capacity + 1000; i++)
        {
            bucket.Consume($"key{i}", 1);
        }

        Assert.That(bucket.Count, Is.LessThanOrEqualTo(RateLimitBucket.Capacity + 1));
    }

    [Test]
    public void Consume_WhenAllWindowsAreOver_ForgetsThem()
    {
        RateLimitBucket bucket = new(Rule, _time);
        for (int i = 0; i < 100; i++)
        {
            bucket.Consume($"key{i}", 1);
        }

        _time.Advance(TimeSpan.FromMinutes(5));
        bucket.Consume("a", 1);

        Assert.That(bucket.Count, Is.EqualTo(1));
    }
}
