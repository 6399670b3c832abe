using System.Text;
using Pds.Domain.Factors;

namespace Pds.UnitTests.Factors;

internal sealed class TotpTests
{
    /// <summary>The secret of RFC 6238, appendix B, for HMAC-SHA-1.</summary>
    private static readonly byte[] Secret = "12345678901234567890"u8.ToArray();

    /// <summary>The appendix has eight digits; six are the last six of them.</summary>
    [TestCase(59, "94287082")]
    [TestCase(1111111109, "07081804")]
    [TestCase(1111111111, "14050471")]
    [TestCase(1234567890, "89005924")]
    [TestCase(2000000000, "69279037")]
    [TestCase(20000000000, "65353130")]
    public void CodeOf_TheVectorsOfTheRfc_IsTheirs(long unixSeconds, string code) =>
        Assert.That(Totp.CodeOf(Secret, Totp.StepAt(DateTimeOffset.FromUnixTimeSeconds(unixSeconds))), Is.EqualTo(code[2..]));

    [TestCase(-2, false)]
    [TestCase(-1, true)]
    [TestCase(0, true)]
    [TestCase(1, true)]
    [TestCase(2, false)]
    public void TryFindStep_AroundNow_TakesOneStepBeforeAndAfter(int offset, bool expected)
    {
        DateTimeOffset now = DateTimeOffset.FromUnixTimeSeconds(1111111111);
        long asked = Totp.StepAt(now) + offset;

        bool isGood = Totp.TryFindStep(Secret, Totp.CodeOf(Secret, asked), now, used: 0, out long step);

        Assert.That(isGood, Is.EqualTo(expected));
        Assert.That(step == asked, Is.EqualTo(expected));
    }

    [TestCase(-1, true)]
    [TestCase(0, false)]
    [TestCase(1, false)]
    public void TryFindStep_WhenThatStepOrALaterOneWasUsed_IsFalse(int used, bool expected)
    {
        DateTimeOffset now = DateTimeOffset.FromUnixTimeSeconds(1111111111);
        long current = Totp.StepAt(now);

        bool isGood = Totp.TryFindStep(Secret, Totp.CodeOf(Secret, current), now, current + used, out _);

        Assert.That(isGood, Is.EqualTo(expected));
    }

    [TestCase("")]
    [TestCase("00000")]
    [TestCase("0504710")]
    [TestCase("٠٥٠٤٧١")]
    public void TryFindStep_OfWhatIsNoCode_IsFalse(string code) =>
        Assert.That(Totp.TryFindStep(Secret, code, DateTimeOffset.FromUnixTimeSeconds(1111111111), used: 0, out _), Is.False);

    [TestCase("", "")]
    [TestCase("f", "MY")]
    [TestCase("fo", "MZXQ")]
    [TestCase("foobar", "MZXW6YTBOI")]
    public void TextOf_IsBase32InUpperCase(string secret, string text) => Assert.That(Totp.TextOf(Encoding.ASCII.GetBytes(secret)), Is.EqualTo(text));

    [Test]
    public void AddressOf_EscapesNames() => Assert.That(
        Totp.AddressOf("foobar"u8, "My & PDS", "alice.test"),
        Is.EqualTo("otpauth://totp/My%20%26%20PDS:alice.test?secret=MZXW6YTBOI&issuer=My%20%26%20PDS&algorithm=SHA1&digits=6&period=30"));
}
