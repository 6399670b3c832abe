using Pds.Domain.DataModel;

namespace Pds.UnitTests.DataModel;

internal sealed class Base32Tests
{
    [TestCase("a", 0)]
    [TestCase("aaa", 1)]
    [TestCase("aaaaaa", 3)]
    public void TryDecode_WhenADigitIsLeftOver_IsFalse(string digits, int bytes) =>
        Assert.That(Base32.TryDecode(System.Text.Encoding.ASCII.GetBytes(digits), new byte[bytes]), Is.False);
}
