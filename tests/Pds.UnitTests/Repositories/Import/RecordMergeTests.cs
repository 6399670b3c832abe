using Pds.Domain.Repositories;
using Pds.Domain.Repositories.Import;
using Pds.Domain.Repositories.Mst;
using Pds.UnitTests.Repositories.Mst;

namespace Pds.UnitTests.Repositories.Import;

internal sealed class RecordMergeTests
{
    [TestCase("", "a b", "a+ b+")]
    [TestCase("a b", "", "a- b-")]
    [TestCase("a b", "a b", "a= b=")]
    [TestCase("a c e", "b c d", "a- b+ c= d+ e-")]
    [TestCase("b", "a b c", "a+ b= c+")]
    [TestCase("a b c", "b", "a- b= c-")]
    public void Compare_TellsOfEveryPathOnceInOrder(string current, string imported, string expected)
    {
        IEnumerable<MergeStep> steps = RecordMerge.Compare(
            Keys(current).Select(key => new MstEntry(Given.Path(key).ToString(), MstSamples.Leaf)),
            Keys(imported).Select(key => new ArchivedRecord(Given.Path(key), MstSamples.Leaf, null)));

        Assert.That(string.Join(' ', steps.Select(Describe)), Is.EqualTo(expected));
    }

    [Test]
    public void Compare_WhenTheContentDiffers_WritesIt()
    {
        IEnumerable<MergeStep> steps = RecordMerge.Compare(
            [new MstEntry(Given.Path("a").ToString(), MstSamples.Record(1))], [new ArchivedRecord(Given.Path("a"), MstSamples.Record(2), null)]);

        Assert.That(steps.Single().Kind, Is.EqualTo(MergeKind.Written));
    }

    private static string[] Keys(string keys) => keys.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static string Describe(MergeStep step) => step.Path[^1] + step.Kind switch
    {
        MergeKind.Unchanged => "=",
        MergeKind.Written => "+",
        _ => "-",
    };
}
