using Pds.Fuzz;

namespace Pds.UnitTests.Fuzz;

/// <summary>The kept corpus of each target and the same mutations of it in every run; bench/fuzz runs millions more.</summary>
internal sealed class FuzzTargetTests
{
    private const int Mutations = 1500;
    private const ulong Seed = 20261130;

    private static IEnumerable<string> Names() => FuzzTargets.All.Select(target => target.Name);

    [TestCaseSource(nameof(Names))]
    public void Target_OverItsCorpusAndMutations_KeepsItsPromises(string name)
    {
        FuzzRun run = new(FuzzTargets.Get(name), Seed, maxTime: TimeSpan.MaxValue);

        run.Replay().Mutate(Mutations, TimeSpan.MaxValue);

        Assert.That(run.Findings.Select(finding => $"{Convert.ToHexString(finding.Input)}: {finding.What}"), Is.Empty);
        Assert.That(run.Taken, Is.InRange(1, run.Inputs - 1));
    }

    [Test]
    public void Corpus_HasAFolderForEachTargetAndNoOther() =>
        Assert.That(Directory.GetDirectories(Corpus.Folder).Select(folder => Path.GetFileName(folder)), Is.EquivalentTo(Names()));
}
