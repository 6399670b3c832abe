using Pds.Application.Pipeline;

namespace Pds.UnitTests.Pipeline;

internal sealed class AuthorizationHeaderTests
{
    [TestCase("Bearer abc", "bearer", "abc")]
    [TestCase("BASIC YTpi", "basic", "YTpi")]
    public void TryParse_WhenThereAreTwoParts_LowersTheScheme(string text, string scheme, string credentials)
    {
        bool parsed = AuthorizationHeader.TryParse(text, out AuthorizationHeader? header);

        Assert.That(parsed, Is.True);
        Assert.That(header, Is.EqualTo(new AuthorizationHeader(scheme, credentials)));
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("Bearer")]
    [TestCase("Bearer ")]
    [TestCase(" abc")]
    [TestCase("Bearer  abc")]
    [TestCase("Bearer a b")]
    public void TryParse_WhenThereAreNotTwoParts_IsFalse(string? text) => Assert.That(AuthorizationHeader.TryParse(text, out _), Is.False);

    [Test]
    public void ToString_Always_HidesTheCredentials() => Assert.That(new AuthorizationHeader("bearer", "secret").ToString(), Does.Not.Contain("secret"));
}
