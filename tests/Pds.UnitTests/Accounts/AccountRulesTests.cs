using System.Text.RegularExpressions;
using Pds.Application.Accounts;
using Pds.Domain.Accounts;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;

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
    [TestCase("some", "InvalidRequest")]
    [TestCase("so_me.pds.test", "InvalidRequest")]
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
    [TestCase("δοκιμή@παράδειγμα.δοκιμή", true)]
    [TestCase("用户@例子.广告", true)]
    [TestCase("zoë@bücher.example", true)]
    [TestCase("zoe\u0308@bücher.example", true)]
    [TestCase("zoë\u200E@bücher.example", false)]
    [TestCase("zo ë@bücher.example", false)]
    [TestCase("zo\u00A0ë@bücher.example", false)]
    [TestCase("a@b\u00FCcher", false)]
    [TestCase("a@-bücher.example", false)]
    public void EmailAddress_KnowsAddresses(string text, bool valid) => Assert.That(EmailAddress.IsValid(text), Is.EqualTo(valid));

    [Test]
    public void EmailAddress_OfHalfACharacter_IsNone() => Assert.That(EmailAddress.IsValid($"{(char)0xD800}@b.example"), Is.False);

    [TestCase("A.B@C.Example", "a.b@c.example")]
    [TestCase("Zoe\u0308@Bücher.Example", "zoë@xn--bcher-kva.example")]
    [TestCase("zoë@xn--bcher-kva.example", "zoë@xn--bcher-kva.example")]
    [TestCase("No Address", "no address")]
    public void EmailAddress_HasOneFormForOneMailbox(string text, string normal) => Assert.That(EmailAddress.Normalize(text), Is.EqualTo(normal));

    [TestCase("zoë@Bücher.Example", "xn--bcher-kva.example")]
    [TestCase("a@C.Example", "c.example")]
    public void DomainOf_IsWhatTheDnsHas(string text, string domain) => Assert.That(EmailAddress.DomainOf(text), Is.EqualTo(domain));

    [Test]
    public void EmailAddress_OfLettersBeyondAscii_IsCountedInBytes()
    {
        Assert.That(EmailAddress.IsValid($"{new string('ë', 32)}@b.example"), Is.True);
        Assert.That(EmailAddress.IsValid($"{new string('ë', 33)}@b.example"), Is.False);
    }

    [TestCase(" alice.test\t", "alice.test")]
    [TestCase("\u2068@alice.test\u2069", "alice.test")]
    [TestCase("\uFEFFalice\u200E.test\u200B", "alice.test")]
    [TestCase("\u202A alice.test \u202C", "alice.test")]
    [TestCase("@@alice.test", "@alice.test")]
    [TestCase("a@b.example ", "a@b.example")]
    [TestCase("می\u200Cخواهم@b.example", "می\u200Cخواهم@b.example")]
    [TestCase("\u200E", "")]
    public void Clean_TakesAwayWhatIsPastedAlong(string text, string clean) => Assert.That(PastedText.Clean(text), Is.EqualTo(clean));

    [Test]
    public void Lists_AreLongCleanAndWithoutWhatPeopleNeed()
    {
        string[] reserved = [.. ReservedHandles.Default];
        string[] domains = [.. DisposableMailDomains.Default];

        using (Assert.EnterMultipleScope())
        {
            Assert.That(reserved, Has.Length.GreaterThan(1000));
            Assert.That(reserved.Where(word => !Handle.IsValid($"{word}.test") || word.Any(char.IsUpper)), Is.Empty);
            Assert.That(reserved, Is.SupersetOf(["admin", "atproto", "mail", "support", "google", "nytimes", "taylorswift", "whitehouse", "www"]));
            Assert.That(domains, Has.Length.GreaterThan(500));
            Assert.That(domains.Where(domain => !EmailAddress.IsValid($"a@{domain}") || domain != EmailAddress.DomainOf($"a@{domain}")), Is.Empty);
            Assert.That(domains, Is.SupersetOf(["10minutemail.com", "guerrillamail.com", "mailinator.com", "yopmail.com"]));
            Assert.That(domains.Intersect(["gmail.com", "outlook.com", "icloud.com", "proton.me", "gmx.de", "yahoo.com", "simplelogin.com", "duck.com"]), Is.Empty);
        }
    }

    [Test]
    public void WordList_IsPartedByWhiteSpaceAndHasComments() =>
        Assert.That(WordList.Parse(["# all", "One two # three", "", "\tfour"]), Is.EqualTo(["one", "two", "four"]));

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
    public void RestrictedMethods_AreComparedWithoutCase(string method, bool isProtected, bool isPrivileged)
    {
        var methods = RestrictedMethods.OfMessages();

        Assert.That((methods.IsProtected(method), methods.IsPrivileged(method)), Is.EqualTo((isProtected, isPrivileged)));
    }

    [TestCase("com.atproto.server.createAccount", true)]
    [TestCase("com.atproto.server.CREATEACCOUNT", true)]
    [TestCase("com.atproto.server.activateAccount", false)]
    [TestCase(null, false)]
    public void RestrictedMethods_OfATakenDownAccount_LeaveOneWayOut(string? method, bool isWayOut) =>
        Assert.That(RestrictedMethods.OfMessages().IsWayOut(method), Is.EqualTo(isWayOut));

    private static HandlePolicy Policy() => new([".pds.test"], ReservedHandles.Default, [Nasty()], allowTestDomain: true);

    [GeneratedRegex("nasty")]
    private static partial Regex Nasty();
}
