using System.IO.Pipelines;
using Pds.Domain.DataModel;
using Pds.Domain.Repositories;
using Pds.Domain.Repositories.Car;

namespace Pds.UnitTests.Repositories.Car;

internal sealed class CarReaderStreamTests
{
    [TestCase(1)]
    [TestCase(2)]
    [TestCase(37)]
    [TestCase(4096)]
    [TestCase(int.MaxValue)]
    public async Task ReadBlocks_WhateverTheChunks_EqualsReadAll(int chunk)
    {
        byte[] car = SampleCar(sizes: [10, 0, 300, 5000, 1]);
        (IReadOnlyList<Cid> roots, IReadOnlyDictionary<Cid, ReadOnlyMemory<byte>> expected) = CarReader.ReadAll(car);

        CarReader reader = await CarReader.OpenAsync(PipeOf(car, chunk), new CarLimits(), default);
        List<Block> blocks = await ReadAsync(reader);

        Assert.That(reader.Roots, Is.EqualTo(roots));
        Assert.That(blocks.Select(b => b.Cid), Is.EqualTo(expected.Keys));
        Assert.That(blocks.Select(b => b.Bytes.ToArray()), Is.EqualTo(expected.Values.Select(b => b.ToArray())));
    }

    [TestCase(1)]
    [TestCase(100)]
    public async Task ReadBlocks_WhenBytesAreChangedAtRandom_AgreesWithReadAll(int chunk)
    {
        var random = new Random(chunk);
        byte[] car = SampleCar(sizes: [10, 300]);
        for (int round = 0; round < 300; round++)
        {
            byte[] mutant = [.. car];
            mutant[random.Next(mutant.Length)] ^= (byte)random.Next(1, 256);

            Assert.That(await IsReadableAsync(mutant, chunk), Is.EqualTo(IsReadable(mutant)), Convert.ToHexString(mutant));
        }
    }

    [Test]
    public async Task ReadBlocks_WhenCutAnywhereButBetweenSections_Throws()
    {
        byte[] car = SampleCar(sizes: [10]);

        for (int i = 0; i < car.Length; i++)
        {
            Assert.That(await IsReadableAsync(car[..i], chunk: 16), Is.EqualTo(i == CarWriter.MeasureHeader(1)), $"length {i}");
        }
    }

    [Test]
    public async Task ReadBlocks_WhenABlockIsLargerThanAllowed_ThrowsBeforeItIsRead()
    {
        byte[] car = SampleCar(sizes: [101]);
        PipeReader input = PipeOf(car[..(CarWriter.MeasureHeader(1) + 2)], chunk: 1, complete: false);
        CarReader reader = await CarReader.OpenAsync(input, new CarLimits { MaxBlockBytes = 100 }, default);

        Assert.That(() => ReadAsync(reader), Throws.InstanceOf<CarException>());
    }

    [Test]
    public async Task ReadBlocks_WhenABlockIsAsLargeAsAllowed_TakesIt()
    {
        byte[] car = SampleCar(sizes: [100]);
        var limits = new CarLimits { MaxBlockBytes = 100, MaxTotalBytes = car.Length };

        List<Block> blocks = await ReadAsync(await CarReader.OpenAsync(PipeOf(car, 7), limits, default));

        Assert.That(blocks, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task ReadBlocks_WhenTheFileIsLargerThanAllowed_Throws()
    {
        byte[] car = SampleCar(sizes: [100, 100]);
        CarReader reader = await CarReader.OpenAsync(PipeOf(car, 7), new CarLimits { MaxTotalBytes = car.Length - 1 }, default);

        Assert.That(() => ReadAsync(reader), Throws.InstanceOf<CarException>());
    }

    [Test]
    public void Open_WhenThereAreMoreRootsThanAllowed_Throws()
    {
        byte[] car = SampleCar(sizes: [1]);

        Assert.That(() => CarReader.OpenAsync(PipeOf(car, 7), new CarLimits { MaxRoots = 0 }, default).AsTask(), Throws.InstanceOf<CarException>());
    }

    [Test]
    public async Task ReadBlocks_WhenLeftAndTakenUpAgain_GoesOnWithTheNextBlock()
    {
        byte[] car = SampleCar(sizes: [10, 20, 30]);
        CarReader reader = await CarReader.OpenAsync(PipeOf(car, int.MaxValue), new CarLimits(), default);
        await foreach (Block first in reader.ReadBlocksAsync(default))
        {
            Assert.That(first.Bytes.Length, Is.EqualTo(10));
            break;
        }

        List<Block> rest = await ReadAsync(reader);

        Assert.That(rest.Select(b => b.Bytes.Length), Is.EqualTo(new[] { 20, 30 }));
    }

    [Test]
    public async Task ReadBlocks_WhenCancelled_Throws()
    {
        byte[] car = SampleCar(sizes: [10]);
        using var cancellation = new CancellationTokenSource();
        CarReader reader = await CarReader.OpenAsync(PipeOf(car[..^1], 7, complete: false), new CarLimits(), default);

        Task<List<Block>> reading = ReadAsync(reader, cancellation.Token);
        await cancellation.CancelAsync();

        Assert.That(() => reading, Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task Open_WhenBlockIsMuchLargerThanThePipeBuffers_ReadsIt()
    {
        byte[] car = SampleCar(sizes: [1_000_000]);

        List<Block> blocks = await ReadAsync(await CarReader.OpenAsync(PipeReader.Create(new MemoryStream(car)), new CarLimits(), default));

        Assert.That(blocks.Single().Bytes.Length, Is.EqualTo(1_000_000));
    }

    private static byte[] SampleCar(int[] sizes)
    {
        List<Block> blocks = [];
        foreach (int size in sizes)
        {
            byte[] bytes = new byte[size];
            new Random(size).NextBytes(bytes);
            blocks.Add(new Block(Cid.ForRaw(bytes), bytes));
        }

        return CarWriter.ToArray([blocks[0].Cid], blocks);
    }

    private static PipeReader PipeOf(byte[] bytes, int chunk, bool complete = true)
    {
        var pipe = new Pipe();
        _ = FillAsync(pipe.Writer, bytes, chunk, complete);
        return pipe.Reader;
    }

    private static async Task FillAsync(PipeWriter output, byte[] bytes, int chunk, bool complete)
    {
        for (int position = 0; position < bytes.Length;)
        {
            int length = Math.Min(chunk, bytes.Length - position);
            await output.WriteAsync(bytes.AsMemory(position, length));
            position += length;
            await Task.Yield();
        }

        if (complete)
        {
            await output.CompleteAsync();
        }
    }

    private static async Task<List<Block>> ReadAsync(CarReader reader, CancellationToken cancellationToken = default)
    {
        List<Block> blocks = [];
        await foreach (Block block in reader.ReadBlocksAsync(cancellationToken))
        {
            blocks.Add(block);
        }

        return blocks;
    }

    private static async Task<bool> IsReadableAsync(byte[] car, int chunk)
    {
        try
        {
            await ReadAsync(await CarReader.OpenAsync(PipeOf(car, chunk), new CarLimits(), default));
            return true;
        }
        catch (CarException)
        {
            return false;
        }
    }

    private static bool IsReadable(byte[] car)
    {
        try
        {
            CarReader.ReadAll(car);
            return true;
        }
        catch (CarException)
        {
            return false;
        }
    }
}
