using FsCheck;
using FsCheck.Fluent;
using Pds.Domain.DataModel;

namespace Pds.UnitTests.DataModel;

internal sealed class DagCborTests
{
    [Test]
    public void AnyMap_Written_IsWhatThePlatformWrites() => Prop.ForAll(DataValues.AnyMap, map =>
    {
        DagCborWriter writer = new(1);
        DataValues.Write(writer, map);
        return writer.WrittenSpan.SequenceEqual(DataValues.Encode(map));
    }).QuickCheckThrowOnFailure();

    [Test]
    public void AnyMap_ReadAndWrittenAgain_IsTheSameBytes() => Prop.ForAll(DataValues.AnyMap, map =>
    {
        byte[] cbor = DataValues.Encode(map);
        DagCborReader reader = new(cbor);
        object? read = DataValues.Read(ref reader);
        reader.ReadEnd();
        return DataValues.Encode(read).AsSpan().SequenceEqual(cbor);
    }).QuickCheckThrowOnFailure();

    [Test]
    public void AnyMap_Skipped_EndsAtTheEnd() => Prop.ForAll(DataValues.AnyMap, map =>
    {
        DagCborReader reader = new(DataValues.Encode(map));
        reader.Skip();
        return reader.IsAtEnd;
    }).QuickCheckThrowOnFailure();

    [Test]
    public void AnyMap_InAnyOtherEncoding_IsRefused() => Prop.ForAll(DataValues.AnyMap, map =>
    {
        byte[] cbor = DataValues.Encode(map);
        foreach ((string name, byte[] bytes) in CborMutations.Of(cbor))
        {
            Assert.That(() => DataMap.FromForeignCbor(bytes), Throws.InstanceOf<DagCborException>(), $"{name}: {Convert.ToHexString(bytes)}");
            Assert.That(() => DataMap.FromCbor(bytes), Throws.InstanceOf<DagCborException>(), $"{name}: {Convert.ToHexString(bytes)}");
        }

        return true;
    }).QuickCheckThrowOnFailure();

    [TestCase("", Description = "Nothing at all.")]
    [TestCase("1c")]
    [TestCase("bf")]
    [TestCase("9b7fffffffffffffff")]
    [TestCase("bb7fffffffffffffff")]
    [TestCase("5b7fffffffffffffff")]
    [TestCase("7bffffffffffffffff")]
    [TestCase("9a00020001")]
    [TestCase("a16161")]
    [TestCase("a2606060f6", Description = "The empty key twice.")]
    [TestCase("a260f660f6", Description = "The empty key twice.")]
    [TestCase("d82a582401711220")]
    public void Skip_WhenBytesAreNoItem_Throws(string hex) => Assert.That(
        () =>
        {
            DagCborReader reader = new(Convert.FromHexString(hex));
            reader.Skip();
        },
        Throws.InstanceOf<DagCborException>());

    [TestCase(0x56, 0x12, 0x20, 0x00, Description = "Codec.")]
    [TestCase(0x71, 0x13, 0x20, 0x00, Description = "Hash.")]
    [TestCase(0x71, 0x12, 0x1f, 0x00, Description = "Hash length.")]
    [TestCase(0x71, 0x12, 0x20, 0x01, Description = "Prefix.")]
    public void ReadCid_WhenItIsOfAnotherKind_Throws(int codec, int hash, int length, int prefix)
    {
        byte[] bytes = [0xd8, 0x2a, 0x58, 0x25, (byte)prefix, 0x01, (byte)codec, (byte)hash, (byte)length, .. new byte[32]];

        Assert.That(() => new DagCborReader(bytes).ReadCid(), Throws.InstanceOf<DagCborException>());
    }

    [TestCase(32, true)]
    [TestCase(33, false)]
    public void Skip_NestedSoDeep_PassesUpTo32(int levels, bool passes)
    {
        byte[] bytes = [.. Enumerable.Repeat((byte)0x81, levels - 1), 0x80];

        Assert.That(
            () =>
            {
                DagCborReader reader = new(bytes);
                reader.Skip();
            },
            passes ? Throws.Nothing : Throws.InstanceOf<DagCborException>());
    }

    [Test]
    public void Skip_WhenHugeNestingIsClaimed_ThrowsWithoutOverflow()
    {
        byte[] bytes = [.. Enumerable.Repeat((byte)0x81, 1_000_000)];

        Assert.That(
            () =>
            {
                DagCborReader reader = new(bytes);
                reader.Skip();
            },
            Throws.InstanceOf<DagCborException>());
    }

    [TestCase(131_072, true)]
    [TestCase(131_073, false)]
    public void ReadArrayHeader_WithSoManyItems_PassesUpToTheLimit(int items, bool passes)
    {
        DagCborWriter writer = new();
        writer.WriteArrayHeader(items);
        writer.WriteEncoded(Enumerable.Repeat((byte)0xf6, items).ToArray());
        byte[] bytes = writer.ToArray();

        Assert.That(() => new DagCborReader(bytes).ReadArrayHeader(), passes ? Is.EqualTo(items) : Throws.InstanceOf<DagCborException>());
    }

    [TestCase(8192, true)]
    [TestCase(8193, false)]
    public void ReadKey_OfSuchLength_PassesUpToTheLimit(int length, bool passes)
    {
        DagCborWriter writer = new();
        writer.WriteMapHeader(1);
        writer.WriteText(new string('k', length));
        writer.WriteNull();
        byte[] bytes = writer.ToArray();

        Assert.That(() => DataMap.FromCbor(bytes), passes ? Throws.Nothing : Throws.InstanceOf<DagCborException>());
    }

    [TestCase((1L << 53) - 1)]
    [TestCase(-(1L << 53) + 1)]
    public void Integers_AtTheEdge_PassAndOnesBeyondDoNot(long edge)
    {
        DagCborWriter writer = new();
        writer.WriteInteger(edge);

        Assert.That(new DagCborReader(writer.WrittenSpan).ReadInteger(), Is.EqualTo(edge));
        Assert.That(() => writer.WriteInteger(edge + Math.Sign(edge)), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void ReadOfAnotherKind_Throws()
    {
        byte[] integer = [0x01];
        byte[] text = [0x61, 0x61];

        Assert.That(() => new DagCborReader(text).ReadInteger(), Throws.InstanceOf<DagCborException>());
        Assert.That(() => new DagCborReader(text).ReadBytes(), Throws.InstanceOf<DagCborException>());
        Assert.That(() => new DagCborReader(text).ReadBoolean(), Throws.InstanceOf<DagCborException>());
        Assert.That(() => new DagCborReader(text).ReadCid(), Throws.InstanceOf<DagCborException>());
        Assert.That(() => new DagCborReader(text).ReadMapHeader(), Throws.InstanceOf<DagCborException>());
        Assert.That(() => new DagCborReader(integer).ReadArrayHeader(), Throws.InstanceOf<DagCborException>());
        Assert.That(() => new DagCborReader(integer).ReadText(), Throws.InstanceOf<DagCborException>());
        Assert.That(new DagCborReader(integer).TryReadNull(), Is.False);
    }

    [Test]
    public void WriteText_WhenASurrogateIsAlone_Throws() =>
        Assert.That(() => new DagCborWriter().WriteText("a\ud800b"), Throws.ArgumentException);

    [Test]
    public void Clear_WhenUsedAgain_StartsAfresh()
    {
        DagCborWriter writer = new();
        writer.WriteText("before");

        writer.Clear();
        writer.WriteBoolean(true);

        Assert.That(writer.ToArray(), Is.EqualTo(new byte[] { 0xf5 }));
        Assert.That(writer.WrittenCount, Is.EqualTo(1));
    }

    [TestCase("a26161", Description = "Two pairs in two bytes.")]
    [TestCase("b900026161", Description = "Two pairs, the count in two bytes.")]
    [TestCase("a1", Description = "One pair in no byte.")]
    public void ReadMapHeader_WhenTheBytesLeftCannotHoldThePairs_Refuses(string hex)
    {
        byte[] cbor = Convert.FromHexString(hex);

        Assert.That(() => new DagCborReader(cbor).ReadMapHeader(), Throws.InstanceOf<DagCborException>().With.Message.Contain("more elements than there are bytes").Or.Message.Contain("shortest"));
    }
}
