using Pds.Server.Hosting;

namespace Pds.UnitTests.Hosting;

internal sealed class IdleMemoryTests
{
    [Test]
    public void IsDue_InTheFirstQuietMinuteAfterABusyTime_Once()
    {
        using IdleMemory memory = new(TimeProvider.System);
        const long Allocated = IdleMemory.Busy + IdleMemory.Quiet;

        Assert.That(memory.IsDue(IdleMemory.Busy), Is.False, "while it is busy");
        Assert.That(memory.IsDue(Allocated), Is.True);
        Assert.That(memory.IsDue(Allocated), Is.False, "nothing to give back since");
    }

    [Test]
    public void IsDue_WhenItIsNeverBusy_Never()
    {
        using IdleMemory memory = new(TimeProvider.System);

        Assert.That(memory.IsDue(IdleMemory.Quiet), Is.False);
        Assert.That(memory.IsDue(IdleMemory.Quiet * 2), Is.False);
    }

    [Test]
    public void IsDue_WhenManyQuietMinutesAddUp_AsOftenAsItPays()
    {
        using IdleMemory memory = new(TimeProvider.System);
        const int Minutes = (int)(3 * IdleMemory.Busy / IdleMemory.Quiet);

        int times = Enumerable.Range(1, Minutes).Count(minute => memory.IsDue(minute * IdleMemory.Quiet));

        Assert.That(times, Is.EqualTo(3));
    }
}
