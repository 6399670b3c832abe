using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;
using Pds.Domain.Repositories.Car;
using Pds.UnitTests.Fakes;

namespace Pds.UnitTests.Repositories;

internal sealed class CommitVerificationTests
{
    private static readonly FakeSigner Signer = Given.Signer();

    [Test]
    public void Verify_WhenFirstCommitIsEmpty_GivesTheCommit()
    {
        RepositoryChange change = Given.NewRepository().Apply([]);

        Commit commit = CommitVerification.Verify(CommitClaim.Of(change), Signer.PublicKey, Signer);

        Assert.That(commit.Cid, Is.EqualTo(change.Commit.Cid));
    }

    [Test]
    public void Verify_WhenFirstCommitHasRecords_GivesTheCommit()
    {
        RepositoryChange change = Given.NewRepository().Apply([RecordWrite.Create(Given.Path("a"), Given.Post())]);

        Assert.That(() => Verify(CommitClaim.Of(change)), Throws.Nothing);
    }

    [Test]
    public void Verify_WhenNothingWasWritten_GivesTheCommit()
    {
        RepositoryChange change = Given.Repository(Given.Path("a")).Apply([]);

        Assert.That(() => Verify(CommitClaim.Of(change)), Throws.Nothing);
    }

    [Test]
    public void Verify_WhenDidDiffers_Throws() => Refuses(Claim() with { Did = Given.Did("did:web:other.test") }, "another repository");

    [Test]
    public void Verify_WhenRevDiffers_Throws() => Refuses(Claim() with { Rev = Tid.Parse(WorkedExample.Rev) }, "another revision");

    [Test]
    public void Verify_WhenCommitIsNotTheRoot_Throws() => Refuses(Claim() with { Commit = WorkedExample.Data }, "not the commit");

    [Test]
    public void Verify_WhenPrevDataDiffers_Throws() => Refuses(Claim() with { PrevData = WorkedExample.Data }, "tree before");

    [Test]
    public void Verify_WhenPrevDataIsMissing_Throws() => Refuses(Claim() with { PrevData = null }, "tree before");

    [Test]
    public void Verify_WhenSignedByAnotherKey_Throws()
    {
        var stranger = new FakeSigner(Given.PublicKey("did:key:zDnaembgSGUhZULN2Caob4HLJPaxBh92N7rtH21TErzqf8HQo"));

        RepositoryFormatException fault = Assert.Throws<RepositoryFormatException>(
            () => CommitVerification.Verify(Claim(), stranger.PublicKey, stranger))!;

        Assert.That(fault.Message, Does.Contain("not signed"));
    }

    [Test]
    public void Verify_WhenAnOperationIsLeftOut_Throws()
    {
        CommitClaim claim = Claim();
        for (int i = 0; i < claim.Ops.Count; i++)
        {
            Refuses(claim with { Ops = [.. claim.Ops.Where((_, index) => index != i)] }, "tree before");
        }
    }

    [Test]
    public void Verify_WhenAnOperationComesTwice_Throws()
    {
        CommitClaim claim = Claim();

        Refuses(claim with { Ops = [.. claim.Ops, claim.Ops[0]] }, "twice");
    }

    [Test]
    public void Verify_WhenAnOperationSaysSomethingElse_Throws()
    {
        CommitClaim claim = Claim();
        Cid other = Given.Post("other").Cid;

        Assert.Multiple(() =>
        {
            RefusesOp(claim, 0, op => op with { Cid = claim.Commit });
            RefusesOp(claim, 0, op => op with { Prev = other });
            RefusesOp(claim, 0, op => op with { Action = WriteAction.Update });
            RefusesOp(claim, 0, op => op with { Path = Given.Path("elsewhere") });
            RefusesOp(claim, 1, op => op with { Prev = other });
            RefusesOp(claim, 1, op => op with { Prev = null });
            RefusesOp(claim, 1, op => op with { Cid = null });
            RefusesOp(claim, 2, op => op with { Prev = other });
            RefusesOp(claim, 2, op => op with { Prev = null });
            RefusesOp(claim, 2, op => op with { Cid = claim.Commit });
            RefusesOp(claim, 2, op => op with { Path = Given.Path("elsewhere") });
        });
    }

    [Test]
    public void Verify_WhenAWrittenBlockIsMissing_Throws()
    {
        CommitClaim claim = Claim();
        (IReadOnlyList<Cid> roots, IReadOnlyDictionary<Cid, ReadOnlyMemory<byte>> blocks) = CarReader.ReadAll(claim.Blocks);
        Cid data = Commit.Decode(blocks[claim.Commit]).Data;
        IEnumerable<Cid> records = claim.Ops.Where(op => op.Cid is not null).Select(op => op.Cid!.Value);

        foreach (Cid needed in (Cid[])[claim.Commit, data, .. records])
        {
            List<Block> others = [.. blocks.Where(b => b.Key != needed).Select(b => new Block(b.Key, b.Value))];
            Refuses(claim with { Blocks = CarWriter.ToArray([.. roots], others) }, "among the blocks");
        }
    }

    [Test]
    public void Verify_WhenANeighbourOfADeletedKeyIsMissing_Throws()
    {
        // Enough records for several layers, so that deleting the root's only key merges subtrees on both sides.
        Repository repository = Given.Repository([.. Enumerable.Range(0, 120).Select(i => Given.Path($"k{i}"))]);
        int refused = 0;
        for (int i = 0; i < 120; i++)
        {
            CommitClaim claim = CommitClaim.Of(repository.Apply([RecordWrite.Delete(Given.Path($"k{i}"))]));
            (IReadOnlyList<Cid> roots, IReadOnlyDictionary<Cid, ReadOnlyMemory<byte>> blocks) = CarReader.ReadAll(claim.Blocks);

            Assert.That(() => Verify(claim), Throws.Nothing);
            foreach (Cid cid in blocks.Keys.Skip(1))
            {
                List<Block> others = [.. blocks.Where(b => b.Key != cid).Select(b => new Block(b.Key, b.Value))];
                refused += IsRefused(claim with { Blocks = CarWriter.ToArray([.. roots], others) }) ? 1 : 0;
            }
        }

        Assert.That(refused, Is.GreaterThan(120), "at least every root, and nodes below where subtrees were merged");
    }

    [Test]
    public void Verify_WhenThereAreTooManyOperations_Throws()
    {
        CommitClaim claim = Claim();

        Refuses(claim with { Ops = [.. Enumerable.Repeat(claim.Ops[0], 201)] }, "more operations");
    }

    [Test]
    public void Verify_WhenBlocksAreTooLarge_Throws() => Refuses(Claim() with { Blocks = new byte[2_000_001] }, "larger");

    [Test]
    public void Verify_WhenBlocksAreNoCar_Throws() =>
        Assert.That(() => Verify(Claim() with { Blocks = new byte[10] }), Throws.InstanceOf<CarException>());

    [Test]
    public void Verify_WhenBytesAreChangedAtRandom_ThrowsNothingButFormatException()
    {
        var random = new Random(1);
        CommitClaim claim = Claim();
        for (int round = 0; round < 2_000; round++)
        {
            byte[] mutant = claim.Blocks.ToArray();
            mutant[random.Next(mutant.Length)] ^= (byte)random.Next(1, 256);

            Assert.That(() => Verify(claim with { Blocks = mutant }), Throws.InstanceOf<FormatException>());
        }
    }

    /// <summary>A commit that creates, updates and deletes, in this order.</summary>
    private static CommitClaim Claim()
    {
        Repository repository = Given.Repository(Given.Path("a"), Given.Path("b"), Given.Path("c"));
        return CommitClaim.Of(repository.Apply(
        [
            RecordWrite.Create(Given.Path("d"), Given.Post("new")),
            RecordWrite.Update(Given.Path("a"), Given.Post("changed")),
            RecordWrite.Delete(Given.Path("b")),
        ]));
    }

    private static Commit Verify(CommitClaim claim) => CommitVerification.Verify(claim, Signer.PublicKey, Signer);

    private static bool IsRefused(CommitClaim claim)
    {
        try
        {
            Verify(claim);
            return false;
        }
        catch (FormatException)
        {
            return true;
        }
    }

    private static void Refuses(CommitClaim claim, string message) =>
        Assert.That(() => Verify(claim), Throws.InstanceOf<RepositoryFormatException>().With.Message.Contains(message));

    private static void RefusesOp(CommitClaim claim, int index, Func<RepositoryOp, RepositoryOp> change)
    {
        RepositoryOp[] ops = [.. claim.Ops];
        ops[index] = change(ops[index]);

        Assert.That(() => Verify(claim with { Ops = ops }), Throws.InstanceOf<RepositoryFormatException>(), ops[index].ToString());
    }
}
