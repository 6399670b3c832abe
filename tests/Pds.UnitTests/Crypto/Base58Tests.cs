using Pds.Domain.Crypto;

namespace Pds.UnitTests.Crypto;

internal sealed class Base58Tests
{
    [TestCase("", "")]
    [TestCase("00", "1")]
    [TestCase("0000287fb4cd", "11233QC4")]
    [TestCase("48656c6c6f20576f726c6421", "2NEpo7TZRRrLZSi2U")]
    public void Encode_WhenVectorIsKnown_GivesItsText(string hex, string text)
    {
        byte[] bytes = Convert.FromHexString(hex);

        bool decodes = Base58.TryDecode(text, out byte[] decoded);

        Assert.That(Base58.Encode(bytes), Is.EqualTo(text));
        Assert.That(decodes, Is.True);
        Assert.That(decoded, Is.EqualTo(bytes));
    }

    [Test]
    public void Decode_OfEncodedBytes_IsIdentity()
    {
        Random random = new(58);
        for (int length = 0; length < 90; length++)
        {
            byte[] bytes = new byte[length];
            random.NextBytes(bytes);
            bytes.AsSpan(0, Math.Min(length, random.Next(4))).Clear();

            Assert.That(Base58.TryDecode(Base58.Encode(bytes), out byte[] decoded) && decoded.AsSpan().SequenceEqual(bytes), Is.True, Convert.ToHexString(bytes));
        }
    }

    [TestCase("0")]
    [TestCase("O")]
    [TestCase("I")]
    [TestCase("l")]
    [TestCase("a b")]
    [TestCase("é")]
    [TestCase("\0")]
    public void TryDecode_WhenCharacterIsForeign_IsFalse(string text) => Assert.That(Base58.TryDecode(text, out _), Is.False);

    [Test]
    public void TryDecode_WhenTextIsTooLong_IsFalse()
    {
        Assert.That(Base58.TryDecode(new string('z', Base58.MaxTextLength), out _), Is.True);
        Assert.That(Base58.TryDecode(new string('z', Base58.MaxTextLength + 1), out _), Is.False);
    }
}
