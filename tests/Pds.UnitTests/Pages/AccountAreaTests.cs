using Pds.Api.Pages.Account;

namespace Pds.UnitTests.Pages;

internal sealed class AccountAreaTests
{
    [TestCase("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox (Linux)")]
    [TestCase("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0", "Edge (Windows)")]
    [TestCase("Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1", "Safari (iPhone)")]
    [TestCase("Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36", "Chrome (Android)")]
    [TestCase("Something (Windows)", "Windows")]
    [TestCase("curl/8.5.0", null)]
    [TestCase(null, null)]
    public void BrowserName_IsWhatPeopleKnow(string? userAgent, string? name) => Assert.That(BrowserName.Of(userAgent), Is.EqualTo(name));

    [TestCase("/account", "/account")]
    [TestCase("/account/app-passwords", "/account/app-passwords")]
    [TestCase("/accounts", "/account")]
    [TestCase("/account/../oauth", "/account")]
    [TestCase("/account/x\\y", "/account")]
    [TestCase("https://elsewhere.com/account", "/account")]
    [TestCase(null, "/account")]
    public void Next_StaysInTheArea(string? asked, string next) => Assert.That(AccountNavigation.Next(asked), Is.EqualTo(next));

    [Test]
    public void Navigation_KnowsWhereOneIs() =>
        Assert.That(AccountNavigation.From(AccountNavigation.Apps).Where(link => link.IsCurrent).Select(link => link.Address), Is.EqualTo(new[] { AccountNavigation.Apps }));

    [TestCase("image/JPEG; charset=x", ".jpg")]
    [TestCase("application/x-unknown", "")]
    public void FileEnding_FollowsTheMediaType(string mediaType, string ending) => Assert.That(FileEnding.Of(mediaType), Is.EqualTo(ending));
}
