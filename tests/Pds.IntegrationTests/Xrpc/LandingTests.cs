using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Pds.Application.Accounts;

namespace Pds.IntegrationTests.Xrpc;

internal sealed class LandingTests
{
    [Test]
    public async Task Pages_OfADevelopmentServer_HelpPeople()
    {
        await using PdsApplication pds = await PdsApplication.StartAsync();
        await pds.Services.GetRequiredService<IMailer>().SendAsync(new Mail("a@example.com", "Hello <b>", "Your token: ABCDE-FGHIJ"), CancellationToken.None);

        string home = await pds.Http.GetStringAsync(new Uri("/", UriKind.Relative));
        string mailbox = await pds.Http.GetStringAsync(new Uri("/dev/mailbox", UriKind.Relative));
        string robots = await pds.Http.GetStringAsync(new Uri("/robots.txt", UriKind.Relative));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(home, Does.Contain("createAccount").And.Not.Contain(PdsApplication.AdminPassword));
            Assert.That(mailbox, Does.Contain("ABCDE-FGHIJ").And.Contain("Hello &lt;b&gt;"));
            Assert.That(robots, Does.Contain("Disallow: /account"));
        }
    }

    [Test]
    public async Task Pages_OfAPublicServer_AreABannerOnly()
    {
        await using PdsApplication pds = await PdsApplication.StartAsync(new Dictionary<string, string?>(StringComparer.Ordinal) { ["PDS_DEV_MODE"] = "false" });

        HttpResponseMessage home = await pds.Http.GetAsync(new Uri("/", UriKind.Relative));
        HttpResponseMessage mailbox = await pds.Http.GetAsync(new Uri("/dev/mailbox", UriKind.Relative));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(home.Content.Headers.ContentType!.MediaType, Is.EqualTo("text/plain"));
            Assert.That(mailbox.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        }
    }
}
