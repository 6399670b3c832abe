using Pds.Domain.DataModel;
using Pds.Domain.Repositories;

namespace Pds.UnitTests.Repositories;

internal sealed class RecordSwapTests
{
    private static readonly Cid One = Cid.Parse(WorkedExample.Leaf);
    private static readonly Cid Other = Cid.Parse(WorkedExample.EmptyTree);

    [Test]
    public void Accepts_WhenNothingIsDemanded_IsTrue()
    {
        Assert.That(RecordSwap.Any.Accepts(null), Is.True);
        Assert.That(RecordSwap.Any.Accepts(One), Is.True);
        Assert.That(default(RecordSwap), Is.EqualTo(RecordSwap.Any));
    }

    [Test]
    public void Accepts_WhenAbsenceIsDemanded_IsTrueOnlyWithoutARecord()
    {
        Assert.That(RecordSwap.MustNotExist.Accepts(null), Is.True);
        Assert.That(RecordSwap.MustNotExist.Accepts(One), Is.False);
    }

    [Test]
    public void Accepts_WhenAVersionIsDemanded_IsTrueOnlyForThatVersion()
    {
        var swap = RecordSwap.MustBe(One);

        Assert.That(swap.Accepts(One), Is.True);
        Assert.That(swap.Accepts(Other), Is.False);
        Assert.That(swap.Accepts(null), Is.False);
    }
}
