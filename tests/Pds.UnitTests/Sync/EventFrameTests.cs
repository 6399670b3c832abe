using Pds.Domain.Accounts;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;
using Pds.Domain.Repositories.Mst;
using Pds.Domain.Sync;
using Pds.UnitTests.Repositories;

namespace Pds.UnitTests.Sync;

/// <summary>Whole frames against bytes that were computed independently, field by field.</summary>
internal sealed class EventFrameTests
{
    private const string Op1 = "626f7001";
    private const string DidField = "636469647820" + DidHex;
    private const string DidHex = "6469643a706c633a65777669376e787a796f756e367a687872687336346f697a";
    private const string RevField = "63726576" + "6d" + "336a7a6663696a706a327a3261";
    private const string SeqField = "63736571" + "19012c";
    private const string TimeField = "6474696d65" + "7818" + "323032362d30312d30325430333a30343a30352e3637385a";
    private const string CommitLink = "d82a582500" + CommitCidHex;
    private const string CommitCidHex = "017112201d0e72778c3e209a7bbd471eb773b798224f9d21c18a4455647ea6d84f3b35b7";
    private const string EmptyTreeLink = "d82a58250001711220" + "9dfefe61dd76ea3dcae5023880b08379d57adf20482d6fdbe2759289f647677b";
    private const string LeafLink = "d82a58250001711220" + "9d156bc3f3a520066252c708a9361fd3d089223842500e3713d404fdccb33cef";
    private const string PostPath = "6470617468" + "74" + "6170702e62736b792e666565642e706f73742f";

    private const long Seq = 300;
    private static readonly DateTimeOffset Time = new DateTimeOffset(2026, 1, 2, 5, 4, 5, 678, TimeSpan.FromHours(2)).AddTicks(9_999);

    // Pitfall C 44, 45.
    [Test]
    public void Encode_WhenFirstCommit_HasSinceNullAndNoPrevData()
    {
        string frame = Encode(new CommitEvent(Change(previous: null, ops: [])));

        Assert.That(frame, Is.EqualTo(
            "a26174" + "6723636f6d6d6974" + Op1
            + "ab"
            + "636f7073" + "80"
            + RevField
            + SeqField
            + "647265706f" + "7820" + DidHex
            + TimeField
            + "65626c6f6273" + "80"
            + "6573696e6365" + "f6"
            + "66626c6f636b73" + "43010203"
            + "66636f6d6d6974" + CommitLink
            + "66726562617365" + "f4"
            + "66746f6f426967" + "f4"));
    }

    [Test]
    public void Encode_WhenCommitHasOps_HasTheirVersionsSinceAndPrevData()
    {
        Cid leaf = Cid.Parse(WorkedExample.Leaf);
        Commit previous = Commit.Sign(Given.Did(), WorkedExample.Data, Tid.Parse("3jzfcijpj2z22"), Given.Signer());

        string frame = Encode(new CommitEvent(Change(previous,
        [
            new(WriteAction.Create, Given.Path("a"), leaf, null, Given.Post()),
            new(WriteAction.Update, Given.Path("b"), leaf, WorkedExample.Data, Given.Post()),
            new(WriteAction.Delete, Given.Path("c"), null, leaf, null),
        ])));

        Assert.That(frame, Is.EqualTo(
            "a26174" + "6723636f6d6d6974" + Op1
            + "ac"
            + "636f7073" + "83"
            + "a3" + "63636964" + LeafLink + PostPath + "61" + "66616374696f6e" + "66637265617465"
            + "a4" + "63636964" + LeafLink + PostPath + "62" + "6470726576" + EmptyTreeLink + "66616374696f6e" + "66757064617465"
            + "a4" + "63636964" + "f6" + PostPath + "63" + "6470726576" + LeafLink + "66616374696f6e" + "6664656c657465"
            + RevField
            + SeqField
            + "647265706f" + "7820" + DidHex
            + TimeField
            + "65626c6f6273" + "80"
            + "6573696e6365" + "6d336a7a6663696a706a327a3232"
            + "66626c6f636b73" + "43010203"
            + "66636f6d6d6974" + CommitLink
            + "66726562617365" + "f4"
            + "66746f6f426967" + "f4"
            + "687072657644617461" + EmptyTreeLink));
    }

    [Test]
    public void Encode_WhenSync_CarriesOnlyTheCommitBlock()
    {
        string frame = Encode(new SyncEvent(ExampleCommit()));

        Assert.That(frame, Is.EqualTo(
            "a26174" + "652373796e63" + Op1
            + "a5"
            + DidField
            + RevField
            + SeqField
            + TimeField
            + "66626c6f636b73" + "59011d"
            + "3aa265726f6f747381" + CommitLink + "6776657273696f6e01"
            + "e001" + CommitCidHex + WorkedExample.Signed));
    }

    [Test]
    public void Encode_WhenIdentityWithHandle_HasIt()
    {
        string frame = Encode(new IdentityEvent(Given.Did(), Handle.Parse("alice.test")));

        Assert.That(frame, Is.EqualTo(
            "a26174" + "69236964656e74697479" + Op1 + "a4" + DidField + SeqField + TimeField + "6668616e646c65" + "6a616c6963652e74657374"));
    }

    [Test]
    public void Encode_WhenIdentityWithoutHandle_LeavesItOut()
    {
        string frame = Encode(new IdentityEvent(Given.Did(), null));

        Assert.That(frame, Is.EqualTo("a26174" + "69236964656e74697479" + Op1 + "a3" + DidField + SeqField + TimeField));
    }

    [Test]
    public void Encode_WhenAccountIsActive_LeavesStatusOut()
    {
        string frame = Encode(new AccountEvent(Given.Did(), null));

        Assert.That(frame, Is.EqualTo("a26174" + "68236163636f756e74" + Op1 + "a4" + DidField + SeqField + TimeField + "66616374697665" + "f5"));
    }

    // Pitfall C 56.
    [TestCase(AccountStatus.Deactivated, "6b6465616374697661746564")]
    [TestCase(AccountStatus.Takendown, "6974616b656e646f776e")]
    [TestCase(AccountStatus.Suspended, "6973757370656e646564")]
    [TestCase(AccountStatus.Deleted, "6764656c65746564")]
    public void Encode_WhenAccountIsNotActive_HasStatus(AccountStatus status, string text)
    {
        string frame = Encode(new AccountEvent(Given.Did(), status));

        Assert.That(frame, Is.EqualTo(
            "a26174" + "68236163636f756e74" + Op1 + "a5" + DidField + SeqField + TimeField + "66616374697665" + "f4" + "66737461747573" + text));
    }

    [Test]
    public void Info_Always_HasNoSeq() =>
        Assert.That(
            Convert.ToHexStringLower(EventFrame.Info("OutdatedCursor", "Old.")),
            Is.EqualTo("a26174" + "6523696e666f" + Op1 + "a2" + "646e616d65" + "6e4f75746461746564437572736f72" + "676d657373616765" + "644f6c642e"));

    [Test]
    public void Error_Always_HasOpMinusOneAndNoType() =>
        Assert.That(
            Convert.ToHexStringLower(EventFrame.Error("FutureCursor", "Cursor in the future.")),
            Is.EqualTo("a1626f7020" + "a2" + "656572726f72" + "6c467574757265437572736f72" + "676d657373616765" + "75437572736f7220696e20746865206675747572652e"));

    [TestCase(1, "01")]
    [TestCase(23, "17")]
    [TestCase(24, "1818")]
    [TestCase(255, "18ff")]
    [TestCase(256, "190100")]
    [TestCase(65_536, "1a00010000")]
    [TestCase(4_294_967_296, "1b0000000100000000")]
    [TestCase(9_007_199_254_740_991, "1b001fffffffffffff")]
    public void Encode_WhateverTheSeq_UsesTheShortestForm(long seq, string hex)
    {
        byte[] frame = EventFrame.Encode(new IdentityEvent(Given.Did(), null), seq, Time);

        Assert.That(Convert.ToHexStringLower(frame), Does.Contain("63736571" + hex + "6474696d65"));
        Assert.That(DecodedFrame.Of(frame).Body["seq"], Is.EqualTo(seq));
    }

    [TestCase(0)]
    [TestCase(23)]
    [TestCase(24)]
    [TestCase(255)]
    [TestCase(256)]
    [TestCase(65_535)]
    [TestCase(65_536)]
    [TestCase(2_000_000)]
    public void Encode_WhateverTheSizeOfTheBlocks_ReadsBack(int size)
    {
        byte[] blocks = new byte[size];
        new Random(size).NextBytes(blocks);

        byte[] frame = EventFrame.Encode(new CommitEvent(Change(null, []) with { Blocks = blocks }), Seq, Time);

        Assert.That(DecodedFrame.Of(frame).Body["blocks"], Is.EqualTo(blocks));
    }

    [Test]
    public void Encode_WhenCommitIsLarge_AllocatesLittleMoreThanBodyAndFrame()
    {
        CommitEvent repoEvent = new(Change(null, []) with { Blocks = new byte[2_000_000] });
        int length = EventFrame.Encode(repoEvent, Seq, Time).Length;

        long before = GC.GetAllocatedBytesForCurrentThread();
        byte[] body = EventBody.Encode(repoEvent);
        long between = GC.GetAllocatedBytesForCurrentThread();
        EventBody.ToFrame(body, Seq, Time);
        long after = GC.GetAllocatedBytesForCurrentThread();

        Assert.That(between - before, Is.LessThan(length + 1_000));
        Assert.That(after - between, Is.LessThan(length + 1_000));
    }

    [Test]
    public void Encode_WhenTheEventIsOfAnUnknownKind_ThrowsArgumentException() =>
        Assert.That(() => EventFrame.Encode(new UnknownEvent(), Seq, Time), Throws.ArgumentException);

    private static string Encode(RepoEvent repoEvent) => Convert.ToHexStringLower(EventFrame.Encode(repoEvent, Seq, Time));

    private static Commit ExampleCommit() => Commit.Decode(Convert.FromHexString(WorkedExample.Signed));

    private static RepositoryChange Change(Commit? previous, RepositoryOp[] ops) => new()
    {
        Did = Given.Did(),
        Commit = ExampleCommit(),
        Previous = previous,
        Tree = MstTree.Empty,
        Ops = ops,
        Blocks = new byte[] { 1, 2, 3 },
    };

    private sealed record UnknownEvent() : RepoEvent(Given.Did());
}
