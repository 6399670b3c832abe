using System.Text.RegularExpressions;
using Pds.Application.Accounts;
using Pds.Domain.Accounts;
using Pds.Domain.Errors;

namespace Pds.UnitTests.Accounts;

internal sealed partial class AccountRulesTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(GivenTokens.Now);

    [TestCase("abc.pds.test", null)]
    [TestCase("ABC.Pds.Test", null)]
    [TestCase("ab.pds.test", "InvalidHandle")]
    [TestCase("abcdefghijklmnopqr.pds.test", null)]
    [TestCase("abcdefghijklmnopqrs.pds.test", "InvalidHandle")]
    [TestCase("a.b.pds.test", "InvalidHandle")]
    [TestCase("support.pds.test", "HandleNotAvailable")]
    [TestCase("support.example.com", null)]
    [TestCase("nasty.pds.test", "InvalidHandle")]
    [TestCase("n-a.s-ty.example.com", "InvalidHandle")]
    [TestCase("some.local", "InvalidHandle")]
    [TestCase("some", "InvalidHandle")]
    public void Require_AppliesTheRulesOfTheHouse(string handle, string? error)
    {
        string? found = null;
        try
        {
            Policy().Require(handle, byOperator: false);
        }
        catch (XrpcException refusal)
        {
            found = refusal.Error.Name;
        }

        Assert.That(found, Is.EqualTo(error));
    }

    [TestCase("support.pds.test")]
    [TestCase("nasty.pds.test")]
    public void Require_ByTheOperator_TakesAnyWord(string handle) =>
        Assert.That(() => Policy().Require(handle, byOperator: true), Throws.Nothing);

    [Test]
    public void Check_OfTestDomains_IsForDevelopmentOnly() =>
        Assert.That(() => new HandlePolicy([".test"], ReservedHandles.Default, [], allowTestDomain: false).Require("alice.test", false), Throws.TypeOf<XrpcException>());

    [TestCase("a@b.example", true)]
    [TestCase("first.last+tag@sub.example.com", true)]
    [TestCase("a@b", false)]
    [TestCase("@b.example", false)]
    [TestCase("a b@c.example", false)]
    [TestCase("a@-b.example", false)]
    [TestCase("a@b..example", false)]
    [TestCase(".a@b.example", false)]
    [TestCase("a@b.example\n", false)]
    [TestCase("a@127.0.0.1", false)]
    [TestCase("a@b@c.example", false)]
    public void EmailAddress_KnowsAddresses(string text, bool valid) => Assert.That(EmailAddress.IsValid(text), Is.EqualTo(valid));

    [Test]
    public void Rotate_WithinTheGracePeriod_NamesTheSameSuccessorAndDoesNotProlong()
    {
        var token = new RefreshToken("one", Given.Did(), Now.AddDays(90), null, "app");

        (RefreshToken used, RefreshToken successor) = token.Rotate("two", Now)!.Value;
        (RefreshToken again, RefreshToken same) = used.Rotate("three", Now.AddHours(1))!.Value;

        using (Assert.EnterMultipleScope())
        {
            Assert.That((used.ExpiresAt, used.NextId), Is.EqualTo((Now.AddHours(2), "two")));
            Assert.That((successor.Id, successor.ExpiresAt, successor.AppPasswordName), Is.EqualTo(("two", Now.AddDays(90), "app")));
            Assert.That((again.ExpiresAt, same.Id), Is.EqualTo((Now.AddHours(2), "two")));
            Assert.That(used.Rotate("four", Now.AddHours(2)), Is.Null);
        }
    }

    [TestCase("com.atproto.server.GETSESSION", true, false)]
    [TestCase("Com.Atproto.identity.updateHandle", true, false)]
    [TestCase("CHAT.bsky.convo.newMethod", false, true)]
    [TestCase("com.atproto.server.createAccount", false, true)]
    [TestCase("com.example.anything", false, false)]
    public void RestrictedMethods_AreComparedWithoutCase(string method, bool isProtected, bool isPrivileged) =>
        Assert.That((RestrictedMethods.IsProtected(method), RestrictedMethods.IsPrivileged(method)), Is.EqualTo((isProtected, isPrivileged)));

    private static HandlePolicy Policy() => new([".pds.test"], ReservedHandles.Default, [Nasty()], allowTestDomain: true);

    [GeneratedRegex("nasty")]
    private static partial Regex Nasty();
}
