using Pds.Application.OAuth;
using Pds.Application.Settings;

namespace Pds.UnitTests.OAuth;

internal sealed class DpopNoncesTests
{
    [Test]
    public void Next_OfTwoProcessesWithTheSameSettings_IsGoodInBoth()
    {
        DpopNonces first = Create("a secret of the settings");
        DpopNonces second = Create("a secret of the settings");

        Assert.That(second.IsGood(first.Next), Is.True);
        Assert.That(first.IsGood(second.Next), Is.True);
    }

    [Test]
    public void Next_OfAServerWithOtherSettings_IsNotGood() =>
        Assert.That(Create("another secret").IsGood(Create("a secret of the settings").Next), Is.False);

    private static DpopNonces Create(string secret) => new(new SecretSettings { JwtSecret = secret }, TimeProvider.System);
}
