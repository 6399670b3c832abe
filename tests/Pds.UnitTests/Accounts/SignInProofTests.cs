using Pds.Application.Accounts;
using Pds.Application.Pipeline;
using Pds.Domain.Identifiers;

namespace Pds.UnitTests.Accounts;

internal sealed class SignInProofTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly Account Alice = new()
    {
        Did = Given.Did(),
        Handle = Handle.Parse("alice.test"),
        Email = "alice@example.com",
        PasswordHash = "old",
        CreatedAt = Now,
        SignInEpoch = 7,
    };

    private static readonly TestCaseData[] Changes =
    [
        new TestCaseData(Alice, Alice with { PasswordHash = "new" }, true).SetArgDisplayNames("password"),
        new TestCaseData(Alice, Alice with { PasswordHash = null }, true).SetArgDisplayNames("no password"),
        new TestCaseData(Alice, Alice with { Email = "new@example.com" }, true).SetArgDisplayNames("address"),
        new TestCaseData(Alice, Alice with { TakedownRef = "why" }, true).SetArgDisplayNames("takedown"),
        new TestCaseData(Alice, Alice with { DeactivatedAt = Now }, true).SetArgDisplayNames("deactivation"),
        new TestCaseData(Alice with { EmailAuthFactor = true }, Alice with { EmailAuthFactor = true, EmailConfirmedAt = Now }, true).SetArgDisplayNames("factor"),
        new TestCaseData(Alice with { DeactivatedAt = Now }, Alice, false).SetArgDisplayNames("activation"),
        new TestCaseData(Alice, Alice with { EmailConfirmedAt = Now }, false).SetArgDisplayNames("confirmation"),
        new TestCaseData(Alice, Alice with { Handle = Handle.Parse("bob.test") }, false).SetArgDisplayNames("handle"),
    ];

    [TestCaseSource(nameof(Changes))]
    public void AppliedTo_RaisesTheEpochWhereTheChangeConcernsSigningIn(Account before, Account after, bool isRaised) =>
        Assert.That(new AccountChange(after, []).AppliedTo(before).SignInEpoch, Is.EqualTo(isRaised ? 8 : 7));

    [Test]
    public void AppliedTo_WhenSessionsOrFactorsEnd_RaisesTheEpoch()
    {
        Account sessions = new AccountChange(Alice, []) { EndSessions = true }.AppliedTo(Alice);
        Account factors = new AccountChange(Alice, []) { EndFactors = true }.AppliedTo(Alice);

        Assert.That((sessions.SignInEpoch, factors.SignInEpoch), Is.EqualTo((8L, 8L)));
    }

    [Test]
    public void Of_ACaller_NamesTheCredentialThatEndsOnItsOwn()
    {
        Caller token = new Caller.Session(Alice.Did, SessionScope.Access) { Id = "jti" };
        Caller page = new Caller.Session(Alice.Did, SessionScope.Access) { DeviceId = "dev-1" };
        Caller old = new Caller.Session(Alice.Did, SessionScope.Access) { Id = "" };

        using (Assert.EnterMultipleScope())
        {
            Assert.That(SignInProof.Of(Alice, token).Credential, Is.EqualTo(new SignInCredential.Session("jti")));
            Assert.That(SignInProof.Of(Alice, page).Credential, Is.EqualTo(new SignInCredential.Browser("dev-1")));
            Assert.That(SignInProof.Of(Alice, old).Credential, Is.Null);
        }
    }
}
