using FsCheck;
using FsCheck.Fluent;
using Pds.Domain.Identifiers;
using Pds.UnitTests.Fakes;

namespace Pds.UnitTests.Identifiers;

internal sealed class TidTests
{
    private static readonly Arbitrary<Tid> Tids = (
        from upper in Gen.Choose(0, int.MaxValue)
        from lower in Gen.Choose(0, int.MaxValue)
        select Tid.FromValue(((long)upper << 32) | ((long)lower << 1))).ToArbitrary();

    [TestCase("2222222222222", 0, 0)]
    [TestCase("3jzfcijpj2z2a", 1688137381887007, 6)]
    [TestCase("bzzzzzzzzzzzz", Tid.MaxUnixMicroseconds, 1023)]
    public void Parts_OfAText_AreThoseItWasMadeOf(string text, long unixMicroseconds, int clockId)
    {
        Tid tid = Tid.Parse(text);

        Assert.That(tid.UnixMicroseconds, Is.EqualTo(unixMicroseconds));
        Assert.That(tid.ClockId, Is.EqualTo(clockId));
        Assert.That(Tid.Create(unixMicroseconds, clockId), Is.EqualTo(tid));
        Assert.That(Tid.FromValue(tid.Value), Is.EqualTo(tid));
        Assert.That(tid.ToString(), Is.EqualTo(text));
    }

    [Test]
    public void TryParse_WhenTheReservedBitIsSet_IsFalseThoughTheSyntaxIsValid()
    {
        Assert.That(Tid.TryParse("jzzzzzzzzzzzz", out _), Is.False);
        Assert.That(Tid.IsValid("jzzzzzzzzzzzz"), Is.True);
    }

    [Test]
    public void Create_WhenAPartDoesNotFit_Throws()
    {
        Assert.That(() => Tid.Create(-1, 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => Tid.Create(Tid.MaxUnixMicroseconds + 1, 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => Tid.Create(0, 1024), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => Tid.FromValue(-1), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void AnyTwoTids_TextOrderIsTimeOrder() => Prop.ForAll(Tids, Tids, (a, b) =>
        Math.Sign(string.CompareOrdinal(a.ToString(), b.ToString())) == a.CompareTo(b)
        && (a < b) == (a.CompareTo(b) < 0)).QuickCheckThrowOnFailure();

    [Test]
    public void AnyTid_ParsesBackAndWritesTheSameBytes() => Prop.ForAll(Tids, tid =>
    {
        Span<byte> utf8 = stackalloc byte[Tid.TextLength];
        tid.CopyTo(utf8);
        return Tid.Parse(tid.ToString()) == tid && System.Text.Encoding.ASCII.GetString(utf8) == tid.ToString();
    }).QuickCheckThrowOnFailure();

    [Test]
    public void Next_WhenTheClockStallsAndCallersRace_GivesUniqueOrderedTids()
    {
        const int Callers = 8;
        const int Each = 5000;
        TidClock clock = new(new ManualTime(), 17);
        var taken = new Tid[Callers][];

        Parallel.For(0, Callers, caller => taken[caller] = [.. Enumerable.Range(0, Each).Select(_ => clock.Next())]);

        Assert.That(taken.SelectMany(tids => tids).Distinct().Count(), Is.EqualTo(Callers * Each));
        Assert.That(taken, Is.All.Ordered);
        Assert.That(taken.SelectMany(tids => tids).Select(tid => tid.ClockId), Is.All.EqualTo(17));
    }

    [Test]
    public void Next_WhenTheClockStepsBack_StillIncreases()
    {
        ManualTime time = new();
        TidClock clock = new(time, 1);
        Tid before = clock.Next();

        time.Advance(TimeSpan.FromHours(-1));

        Assert.That(clock.Next(), Is.GreaterThan(before));
    }

    [Test]
    public void Next_WhenTheClockMoves_IsTheTime()
    {
        ManualTime time = new(DateTimeOffset.UnixEpoch.AddTicks(1688137381887007 * TimeSpan.TicksPerMicrosecond));
        TidClock clock = new(time, 6);

        Assert.That(clock.Next().ToString(), Is.EqualTo("3jzfcijpj2z2a"));
    }

    [Test]
    public void NextAfter_WhenPreviousIsInTheFuture_IsGreaterAndLeavesTheClockAlone()
    {
        ManualTime time = new();
        TidClock clock = new(time, 3);
        Tid future = Tid.Create(clock.Next().UnixMicroseconds + 1_000_000_000, 1023);

        Tid next = clock.NextAfter(future);

        Assert.That(next, Is.GreaterThan(future));
        Assert.That(clock.Next(), Is.LessThan(future));
    }

    [Test]
    public void NextAfter_WhenPreviousIsAbsentOrPast_IsTheNextOne()
    {
        TidClock clock = new(new ManualTime(), 3);
        Tid first = clock.NextAfter(null);

        Assert.That(clock.NextAfter(first).UnixMicroseconds, Is.EqualTo(first.UnixMicroseconds + 1));
    }

    [Test]
    public void NextAfter_WhenPreviousIsTheLastOfAll_Throws() =>
        Assert.That(() => new TidClock(new ManualTime(), 0).NextAfter(Tid.FromValue(long.MaxValue)), Throws.InvalidOperationException);

    [TestCase(-1)]
    [TestCase(1024)]
    public void Clock_WhenItsIdDoesNotFit_Throws(int clockId) =>
        Assert.That(() => new TidClock(TimeProvider.System, clockId), Throws.InstanceOf<ArgumentOutOfRangeException>());
}
