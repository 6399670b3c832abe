using System.Buffers;
using System.Security.Cryptography;
using Pds.Domain.DataModel;
using Pds.Domain.Repositories;
using Pds.Domain.Repositories.Car;

namespace Pds.UnitTests.Repositories.Car;

internal sealed class CarWriterTests
{
    // Pitfall B 42.
    [Test]
    public void ToArray_WhenWorkedExample_GivesItsBytes()
    {
        var commit = Commit.Decode(Convert.FromHexString(WorkedExample.Signed));

        byte[] car = CarWriter.ToArray([commit.Cid], [new(commit.Cid, commit.Bytes), new(WorkedExample.Data, Convert.FromHexString(WorkedExample.EmptyNode))]);

        Assert.Multiple(() =>
        {
            Assert.That(car, Has.Length.EqualTo(329));
            Assert.That(Convert.ToHexStringLower(SHA256.HashData(car)), Is.EqualTo(WorkedExample.CarSha256));
            Assert.That(Convert.ToHexStringLower(car.AsSpan(59, 2)), Is.EqualTo("e001"));
            Assert.That(Convert.ToHexStringLower(car.AsSpan(59 + 2 + 224, 1)), Is.EqualTo("2b"));
        });
    }

    [Test]
    public void WriteHeader_WhenThereAreNoRoots_GivesSeventeenBytes()
    {
        var output = new ArrayBufferWriter<byte>();

        CarWriter.WriteHeader(output, []);

        Assert.That(Convert.ToHexStringLower(output.WrittenSpan), Is.EqualTo("11a265726f6f7473806776657273696f6e01"));
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(2)]
    [TestCase(23)]
    [TestCase(24)]
    [TestCase(200)]
    public void WriteHeader_WhateverTheRoots_IsAsLongAsMeasuredAndReadsBack(int count)
    {
        Cid[] roots = [.. Enumerable.Range(0, count).Select(i => Cid.ForRaw([(byte)i]))];
        var output = new ArrayBufferWriter<byte>();

        CarWriter.WriteHeader(output, roots);

        Assert.That(output.WrittenCount, Is.EqualTo(CarWriter.MeasureHeader(count)));
        int length = output.WrittenCount - CarVarint.Measure(output.WrittenCount - 2);
        Assert.That(CarSection.ReadHeader(output.WrittenSpan[^length..], new CarLimits { MaxRoots = 255 }), Is.EqualTo(roots));
    }

    [TestCase(0)]
    [TestCase(91)]
    [TestCase(92)]
    [TestCase(20_000)]
    public void WriteBlock_ToABufferWriter_EqualsToArray(int size)
    {
        byte[] bytes = new byte[size];
        Cid cid = Cid.ForRaw(bytes);
        var output = new ArrayBufferWriter<byte>();

        CarWriter.WriteHeader(output, [cid]);
        CarWriter.WriteBlock(output, cid, bytes);

        Assert.That(output.WrittenSpan.ToArray(), Is.EqualTo(CarWriter.ToArray([cid], [new Block(cid, bytes)])));
        Assert.That(output.WrittenCount, Is.EqualTo(CarWriter.MeasureHeader(1) + CarWriter.MeasureBlock(size)));
    }
}
