using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Pds.Infrastructure.OAuth;
using Pds.Infrastructure.Persistence;
using Pds.IntegrationTests.OAuth;

namespace Pds.IntegrationTests.Pages;

/// <summary>Whoever only looks at pages leaves nothing in the database.</summary>
internal sealed class VisitorTests : PdsTest
{
    [Test]
    public async Task Browser_IsKeptOnceItPosts()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using Browser browser = new(Pds);
        int before = await CountAsync();

        await browser.OpenAsync("/account/sign-in");
        Page page = await browser.OpenAsync("/account/sign-in?next=/account/email");
        int looked = await CountAsync();
        page = await page.SubmitAsync("/account/sign-in", ("identifier", account.Handle.ToString()), ("password", "wrong"));
        int posted = await CountAsync();
        page = await page.SubmitAsync("/account/sign-in", ("identifier", account.Handle.ToString()), ("password", PdsApplication.Password));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(looked, Is.EqualTo(before));
            Assert.That(posted, Is.EqualTo(before + 1));
            Assert.That(page.Text, Does.Contain(account.Handle.ToString()));
            Assert.That(await CountAsync(), Is.EqualTo(before + 1));
        }
    }

    [Test]
    public async Task Cookies_ThatAreMadeUp_AreNotKept()
    {
        using Browser browser = new(Pds);
        Page page = await browser.OpenAsync("/account/sign-in");
        int before = await CountAsync();
        browser.Cookies.SetCookies(Pds.Origin, $"ses-id=ses-{new string('0', 64)}; Path=/");

        Page answer = await page.SubmitAsync("/account/sign-in", ("identifier", "nobody.test"), ("password", "x"));

        Assert.That((int)answer.Response.StatusCode, Is.EqualTo(400));
        Assert.That(await CountAsync(), Is.EqualTo(before));
    }

    private async Task<int> CountAsync()
    {
        await using PdsDbContext context = Pds.Services.GetRequiredService<IDbContextFactory<PdsDbContext>>().CreateDbContext();
        return await context.Set<DeviceRow>().CountAsync();
    }
}
