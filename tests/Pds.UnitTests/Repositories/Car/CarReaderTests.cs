using Pds.Domain.DataModel;
using Pds.Domain.Repositories;
using Pds.Domain.Repositories.Car;

namespace Pds.UnitTests.Repositories.Car;

internal sealed class CarReaderTests
{
    private static readonly Block First = BlockOf(1, 10);
    private static readonly Block Second = BlockOf(2, 300);

    [Test]
    public void ReadAll_WhenWritten_GivesRootsAndBlocks()
    {
        byte[] car = CarWriter.ToArray([First.Cid], [First, Second]);

        (IReadOnlyList<Cid> roots, IReadOnlyDictionary<Cid, ReadOnlyMemory<byte>> blocks) = CarReader.ReadAll(car);

        Assert.That(roots, Is.EqualTo(new[] { First.Cid }));
        Assert.That(blocks.Keys, Is.EqualTo(new[] { First.Cid, Second.Cid }));
        Assert.That(blocks[Second.Cid].ToArray(), Is.EqualTo(Second.Bytes.ToArray()));
    }

    [Test]
    public void ReadAll_WhenBlocksRepeatOrComeInAnyOrder_TakesThem()
    {
        byte[] car = CarWriter.ToArray([First.Cid], [Second, First, Second]);

        IReadOnlyDictionary<Cid, ReadOnlyMemory<byte>> blocks = CarReader.ReadAll(car).Blocks;

        Assert.That(blocks, Has.Count.EqualTo(2));
    }

    [Test]
    public void ReadAll_WhenThereAreNeitherRootsNorBlocks_IsEmpty()
    {
        byte[] car = CarWriter.ToArray([], []);

        (IReadOnlyList<Cid> roots, IReadOnlyDictionary<Cid, ReadOnlyMemory<byte>> blocks) = CarReader.ReadAll(car);

        Assert.That(roots, Is.Empty);
        Assert.That(blocks, Is.Empty);
    }

    [Test]
    public void ReadAll_WhenABlockDoesNotHashToItsCid_Throws()
    {
        byte[] car = CarWriter.ToArray([First.Cid], [First]);
        car[^1] ^= 1;

        CarException fault = Assert.Throws<CarException>(() => CarReader.ReadAll(car))!;

        Assert.That(fault.Message, Is.EqualTo($"Not a valid CID for bytes ({First.Cid})"));
    }

    [Test]
    public void ReadAll_WhenCutAnywhereButBetweenSections_Throws()
    {
        byte[] car = CarWriter.ToArray([First.Cid], [First, Second]);
        int[] boundaries = [CarWriter.MeasureHeader(1), CarWriter.MeasureHeader(1) + CarWriter.MeasureBlock(10)];

        for (int i = 0; i < car.Length; i++)
        {
            if (!boundaries.Contains(i))
            {
                Assert.That(() => CarReader.ReadAll(car.AsMemory(0, i)), Throws.InstanceOf<CarException>(), $"length {i}");
            }
        }
    }

    [TestCase("0aa16776657273696f6e01", TestName = "header without roots")]
    [TestCase("0aa265726f6f74738067", TestName = "header without version")]
    [TestCase("11a265726f6f7473806776657273696f6e02", TestName = "version 2")]
    [TestCase("11a26776657273696f6e0165726f6f747380", TestName = "keys in another order")]
    [TestCase("12a265726f6f7473806776657273696f6e0100", TestName = "more after the header map")]
    [TestCase("12a265726f6f7473806776657273696f6e1801", TestName = "version in a longer form")]
    [TestCase("11a265726f6f7473f66776657273696f6e01", TestName = "roots null")]
    [TestCase("12a265726f6f747381006776657273696f6e01", TestName = "a root that is no link")]
    [TestCase("00", TestName = "empty header")]
    [TestCase("9100a265726f6f7473806776657273696f6e01", TestName = "length not in shortest form")]
    [TestCase("ffffffffffffffffff01", TestName = "length of ten bytes")]
    [TestCase("ffffffffffffffff7f", TestName = "length beyond everything")]
    [TestCase("", TestName = "nothing at all")]
    [TestCase("11a265726f6f7473806776657273696f6e0100", TestName = "block of no bytes")]
    [TestCase("11a265726f6f7473806776657273696f6e010401711220", TestName = "block shorter than a CID")]
    public void ReadAll_WhenMalformed_Throws(string hex) =>
        Assert.That(() => CarReader.ReadAll(Convert.FromHexString(hex)), Throws.InstanceOf<CarException>());

    [TestCase("12201d0e72778c3e209a7bbd471eb773b798224f9d21c18a4455647ea6d84f3b35b7", TestName = "CID of version 0")]
    [TestCase("017012201d0e72778c3e209a7bbd471eb773b798224f9d21c18a4455647ea6d84f3b35b7", TestName = "CID of DAG-PB")]
    [TestCase("017113401d0e72778c3e209a7bbd471eb773b798224f9d21c18a4455647ea6d84f3b35b7", TestName = "CID with SHA-512")]
    public void ReadAll_WhenTheCidIsOfAnotherKind_Throws(string cid)
    {
        string hex = "11a265726f6f7473806776657273696f6e01" + (cid.Length / 2 + 4).ToString("x2") + cid + "00112233";

        Assert.That(() => CarReader.ReadAll(Convert.FromHexString(hex)), Throws.InstanceOf<CarException>());
    }

    [Test]
    public void ReadAll_WhenThereAreTooManyRoots_Throws()
    {
        byte[] car = CarWriter.ToArray([.. Enumerable.Repeat(First.Cid, 17)], []);

        Assert.That(() => CarReader.ReadAll(car), Throws.InstanceOf<CarException>());
    }

    [Test]
    public void ReadAll_WhenBytesAreChangedAtRandom_ThrowsNothingButCarException()
    {
        var random = new Random(20260102);
        byte[] car = CarWriter.ToArray([First.Cid], [First, Second]);

        int read = 0;
        for (int round = 0; round < 20_000; round++)
        {
            byte[] mutant = Mutate(car, random);
            try
            {
                (_, IReadOnlyDictionary<Cid, ReadOnlyMemory<byte>> blocks) = CarReader.ReadAll(mutant);
                Assert.That(
                    blocks.All(block => block.Key == Cid.ForRaw(block.Value.Span) || block.Key == Cid.ForDagCbor(block.Value.Span)), Is.True, Convert.ToHexString(mutant));
                read++;
            }
            catch (CarException)
            {
                // what a reader of foreign bytes has to expect
            }
        }

        Assert.That(read, Is.InRange(1, 10_000));
    }

    [Test]
    public void ReadAll_WhenBytesAreRandom_ThrowsNothingButCarException()
    {
        var random = new Random(7);
        for (int round = 0; round < 20_000; round++)
        {
            byte[] noise = new byte[random.Next(120)];
            random.NextBytes(noise);

            Assert.That(() => CarReader.ReadAll(noise), Throws.InstanceOf<CarException>());
        }
    }

    private static byte[] Mutate(byte[] car, Random random)
    {
        byte[] mutant = [.. car];
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            mutant[random.Next(random.Next(1, mutant.Length))] = (byte)random.Next(256);
        }

        return random.Next(4) == 0 ? mutant[..random.Next(mutant.Length)] : mutant;
    }

    private static Block BlockOf(byte filler, int size)
    {
        byte[] bytes = [.. Enumerable.Repeat(filler, size)];
        return new Block(Cid.ForRaw(bytes), bytes);
    }
}
