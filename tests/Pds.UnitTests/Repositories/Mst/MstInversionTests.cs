using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;
using Pds.Domain.Repositories.Mst;

namespace Pds.UnitTests.Repositories.Mst;

internal sealed class MstInversionTests
{
    // Pitfall C 50.
    [Test]
    public void CoveringNodes_AloneSufficeToInvertRandomCommits([Range(1, 20)] int seed)
    {
        Random random = new(seed);
        List<string> paths = MstSamples.Paths(random, 40 + (seed * 15));
        MstTree tree = MstTree.Empty.Seal(default);
        Dictionary<string, Cid> records = [];

        for (int commit = 0; commit < 120; commit++)
        {
            // Growing and shrinking in turn, so that the tree gains and loses layers.
            (MstTree next, List<MstOp> ops) = Commit(random, tree, records, paths, commit % 40 < 20 ? 25 : 75, Tid.Create(commit + 1, 0));
            NodeSource carried = new(next.CoveringNodes(ops.Select(op => op.Path)));

            MstInversion.Verify(MstTree.Load(next.Root, carried), ops, tree.Root);
            tree = next;
        }

        Assert.That(tree.Root, Is.EqualTo(MstSamples.Build(records, MstSamples.Rev1).Root));
    }

    [Test]
    public void Verify_OfAMove_SucceedsWithTheCoveringNodes()
    {
        MstTree before = MstSamples.TreeOf(MstSamples.Paths(new(8), 300));
        foreach (MstEntry entry in before.Walk())
        {
            string target = entry.Path + "m";
            MstTree after = before.Remove(entry.Path).Insert(target, entry.Value).Seal(MstSamples.Rev2);
            MstOp[] ops = [new(WriteAction.Create, target, entry.Value, null), new(WriteAction.Delete, entry.Path, null, entry.Value)];

            MstTree partial = MstTree.Load(after.Root, new NodeSource(after.CoveringNodes([entry.Path, target])));

            Assert.That(() => MstInversion.Verify(partial, ops, before.Root), Throws.Nothing);
        }
    }

    [Test]
    public void Verify_OfTheFirstCommit_EndsWithNothing()
    {
        MstTree first = MstSamples.TreeOf(["coll/a", "coll/b", "coll/c"]);
        MstOp[] ops = [.. first.Walk().Select(e => new MstOp(WriteAction.Create, e.Path, e.Value, null))];

        Assert.Multiple(() =>
        {
            Assert.That(() => MstInversion.Verify(first, ops, null), Throws.Nothing);
            Assert.That(() => MstInversion.Verify(first, ops, MstTree.EmptyRoot), Throws.Nothing);
            Assert.That(() => MstInversion.Verify(MstTree.Empty.Seal(MstSamples.Rev1), [], null), Throws.Nothing);
            Assert.That(() => MstInversion.Verify(first, ops[1..], null), Throws.TypeOf<MstInversionException>());
        });
    }

    [Test]
    public void Verify_WhenTheRootCollapsesOntoAStub_TakesItsCid()
    {
        // The new key stands above and right of all others, so undoing it leaves the old root, which a sender may leave out.
        MstTree before = MstSamples.TreeOf(["A0/374913", "B0/601692"]);
        MstTree after = before.Insert("C1/438573", MstSamples.Leaf).Seal(MstSamples.Rev2);
        MstTree partial = MstTree.Load(after.Root, new NodeSource(after.Proof("C1/438573")[0]));
        MstOp[] ops = [new(WriteAction.Create, "C1/438573", MstSamples.Leaf, null)];

        Assert.Multiple(() =>
        {
            Assert.That(() => MstInversion.Verify(partial, ops, before.Root), Throws.Nothing);
            Assert.That(() => MstInversion.Verify(partial, ops, MstSamples.Leaf), Throws.TypeOf<MstInversionException>());
        });
    }

    [Test]
    public void Verify_WhenANodeIsMissing_SaysWhich()
    {
        MstTree before = MstSamples.TreeOf(MstSamples.Paths(new(8), 300));
        MstEntry entry = before.Walk().First(e => before.Proof(e.Path).Count < before.Walk().Max(x => before.Proof(x.Path).Count));
        MstTree after = before.Remove(entry.Path).Seal(MstSamples.Rev2);
        MstOp[] ops = [new(WriteAction.Delete, entry.Path, null, entry.Value)];
        IReadOnlyList<MstNode> covering = after.CoveringNodes([entry.Path]);

        foreach (MstNode missing in covering)
        {
            MstTree partial = MstTree.Load(after.Root, new NodeSource(covering.Where(n => n.Cid != missing.Cid)));

            Assert.That(() => MstInversion.Verify(partial, ops, before.Root), Throws.TypeOf<MstInversionException>().With.Message.Contains(missing.Cid.ToString()));
        }
    }

    private static IEnumerable<TestCaseData> Lies()
    {
        Cid old = MstSamples.Record(1), current = MstSamples.Record(2), other = MstSamples.Record(3);
        MstOp created = new(WriteAction.Create, "coll/new", current, null);
        MstOp updated = new(WriteAction.Update, "coll/kept", current, old);
        MstOp deleted = new(WriteAction.Delete, "coll/gone", null, old);
        yield return Lie("an operation is missing", created, updated);
        yield return Lie("an operation is there twice", created, created, updated, deleted);
        yield return Lie("created is another record", created with { Cid = other }, updated, deleted);
        yield return Lie("created has a record before", created with { Prev = other }, updated, deleted);
        yield return Lie("created has no record", created with { Cid = null }, updated, deleted);
        yield return Lie("updated is another record", created, updated with { Cid = other }, deleted);
        yield return Lie("updated was another record", created, updated with { Prev = other }, deleted);
        yield return Lie("updated has no record before", created, updated with { Prev = null }, deleted);
        yield return Lie("deleted has a record", created, updated, deleted with { Cid = other });
        yield return Lie("deleted was another record", created, updated, deleted with { Prev = other });
        yield return Lie("deleted has no record before", created, updated, deleted with { Prev = null });
        yield return Lie("deleted was never there", created, updated, deleted, deleted with { Path = "coll/never" });
        yield return Lie("deleted is there", created, updated with { Action = WriteAction.Delete, Cid = null }, deleted);
        yield return Lie("updated was created", created, updated with { Action = WriteAction.Create, Prev = null }, deleted);
        yield return Lie("no path", created, updated, deleted, deleted with { Path = "none" });

        static TestCaseData Lie(string name, params MstOp[] ops) => new TestCaseData((object)ops).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Lies))]
    public void Verify_WhenAnOperationLies_IsRefused(MstOp[] ops)
    {
        Cid old = MstSamples.Record(1), current = MstSamples.Record(2);
        MstTree before = MstTree.Empty.Insert("coll/kept", old).Insert("coll/gone", old).Seal(MstSamples.Rev1);
        MstTree after = before.Insert("coll/new", current).Update("coll/kept", current).Remove("coll/gone").Seal(MstSamples.Rev2);

        Assert.That(() => MstInversion.Verify(after, ops, before.Root), Throws.TypeOf<MstInversionException>());
    }

    private static (MstTree Tree, List<MstOp> Ops) Commit(
        Random random, MstTree tree, Dictionary<string, Cid> records, List<string> paths, int removals, Tid rev)
    {
        List<MstOp> ops = [];
        MstTree next = tree;
        foreach (string path in paths.OrderBy(_ => random.Next()).Take(random.Next(1, random.Next(5) == 0 ? 30 : 4)))
        {
            Cid? prev = records.TryGetValue(path, out Cid known) ? known : null;
            bool remove = random.Next(100) < removals;
            if (prev is null && remove)
            {
                continue;
            }

            Cid? cid = remove ? null : MstSamples.Record(random.Next(5));
            next = (prev, cid) switch
            {
                (null, { } created) => next.Insert(path, created),
                (_, null) => next.Remove(path),
                (_, { } updated) => next.Update(path, updated),
            };
            ops.Add(new(prev is null ? WriteAction.Create : remove ? WriteAction.Delete : WriteAction.Update, path, cid, prev));
            if (cid is { } value)
            {
                records[path] = value;
            }
            else
            {
                records.Remove(path);
            }
        }

        return (next.Seal(rev), ops);
    }
}
