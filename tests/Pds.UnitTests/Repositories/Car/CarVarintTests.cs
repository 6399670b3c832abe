using Pds.Domain.Repositories.Car;

namespace Pds.UnitTests.Repositories.Car;

internal sealed class CarVarintTests
{
    [TestCase(0, "00")]
    [TestCase(1, "01")]
    [TestCase(127, "7f")]
    [TestCase(128, "8001")]
    [TestCase(224, "e001")]
    [TestCase(16_383, "ff7f")]
    [TestCase(16_384, "808001")]
    [TestCase(int.MaxValue, "ffffffff07")]
    public void Write_Always_GivesTheShortestForm(int value, string hex)
    {
        Span<byte> buffer = stackalloc byte[CarVarint.MaxLength];

        int length = CarVarint.Write(buffer, value);

        Assert.That(Convert.ToHexStringLower(buffer[..length]), Is.EqualTo(hex));
        Assert.That(CarVarint.Measure(value), Is.EqualTo(length));
        Assert.That(CarVarint.TryRead(buffer[..length], out long read, out int readLength), Is.True);
        Assert.That((read, readLength), Is.EqualTo(((long)value, length)));
    }

    [TestCase("")]
    [TestCase("80")]
    [TestCase("ffffffffffffffff")]
    public void TryRead_WhenTheNumberIsNotAllThere_IsFalse(string hex)
    {
        bool read = CarVarint.TryRead(Convert.FromHexString(hex), out _, out _);

        Assert.That(read, Is.False);
    }

    [TestCase("8000")]
    [TestCase("ff00")]
    [TestCase("80808000")]
    [TestCase("ffffffffffffffffff")]
    [TestCase("80808080808080808001")]
    public void TryRead_WhenTooLongOrNotTheShortestForm_Throws(string hex) =>
        Assert.That(() => CarVarint.TryRead(Convert.FromHexString(hex), out _, out _), Throws.InstanceOf<CarException>());

    [Test]
    public void TryRead_WhenNineBytes_GivesTheLargestNumber()
    {
        bool read = CarVarint.TryRead(Convert.FromHexString("ffffffffffffffff7f"), out long value, out int length);

        Assert.That(read, Is.True);
        Assert.That((value, length), Is.EqualTo((long.MaxValue, 9)));
    }
}
