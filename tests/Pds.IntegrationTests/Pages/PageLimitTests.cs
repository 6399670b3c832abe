using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Pds.Application.DependencyInjection;
using Pds.IntegrationTests.OAuth;

namespace Pds.IntegrationTests.Pages;

/// <summary>Pages are no way round the limits of the methods that do the same.</summary>
internal sealed class PageLimitTests : PdsTest
{
    protected override Task<PdsApplication> StartAsync() => PdsApplication.StartAsync(
        new Dictionary<string, string?> { ["PDS_RATE_LIMITS_ENABLED"] = "true" },
        services => services.Configure<PdsOptions>(options => options.SignIn.MinSignInTime = TimeSpan.Zero));

    [Test]
    public async Task Codes_AreSentFiveTimesAnHour_ByMethodAndByPageTogether()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using Browser browser = new(Pds);
        Page page = await browser.OpenAsync("/account/sign-in?next=/account/email");
        page = await page.SubmitAsync("/account/sign-in", ("identifier", account.Handle.ToString()), ("password", PdsApplication.Password));
        for (int request = 0; request < 4; request++)
        {
            await account.PostAsync("com.atproto.server.requestEmailConfirmation");
        }

        Page fifth = await page.SubmitAsync("/account/email/request-confirmation");
        Page sixth = await page.SubmitAsync("/account/email/request-confirmation");

        Assert.That(fifth.Text, Does.Contain("We have sent you a code"));
        Assert.That(sixth.Text, Does.Contain("Too many requests. Try again later."));
    }

    [Test]
    public async Task SignIn_IsTriedThirtyTimesInFiveMinutes()
    {
        using Browser browser = new(Pds);
        Page page = await browser.OpenAsync("/account/sign-in");
        Page answer = page;

        for (int attempt = 0; attempt <= 30; attempt++)
        {
            answer = await page.SubmitAsync("/account/sign-in", ("identifier", "nobody.test"), ("password", ""));
        }

        Assert.That(answer.Response.StatusCode, Is.EqualTo(HttpStatusCode.TooManyRequests));
    }
}
