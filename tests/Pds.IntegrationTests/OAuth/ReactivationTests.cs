using System.Net;
using System.Text.Json.Nodes;
using Pds.IntegrationTests.Pages;

namespace Pds.IntegrationTests.OAuth;

/// <summary>An account that its owner deactivated: the next sign-in offers to reactivate it.</summary>
internal sealed class ReactivationTests : AccountAreaTest
{
    [Test]
    public async Task SignIn_AfterDeactivationOnThePage_OffersToReactivate_AndGoesOnToTheApplication()
    {
        using AccountClient account = await Pds.CreateAccountAsync();
        using OAuthClient client = new(Pds);
        using Browser browser = new(Pds);
        await (await SignInAsync(browser, account, "/account/status")).SubmitAsync("/account/status/deactivate");

        Page offer = await OpenAsync(client, browser, account);
        Page consent = await offer.SubmitAsync("reactivate");
        string code = (await consent.SubmitAsync("answer", ("answer", "yes"))).Answer()["code"];
        JsonNode tokens = await (await client.PostAsync("/oauth/token", client.CodeForm(code))).ShouldBeJsonAsync();
        HttpResponseMessage written = await client.CallAsync(HttpMethod.Get, "com.atproto.server.getSession", tokens["access_token"]!.GetValue<string>());

        Assert.That((offer.Title, consent.Title), Is.EqualTo(("Reactivate your account?", "Allow access?")));
        Assert.That(offer.Text, Does.Contain(account.Handle.ToString()).And.Contain("deactivated"));
        Assert.That((await written.ShouldBeJsonAsync())["active"]!.GetValue<bool>(), Is.True);
    }

    [Test]
    public async Task Offer_WhenItIsDeclined_GoesBackWithAccessDenied_AndTheAccountStaysDeactivated()
    {
        using AccountClient account = await DeactivatedAsync();
        using OAuthClient client = new(Pds);
        using Browser browser = new(Pds);

        Page answer = await (await OpenAsync(client, browser, account)).SubmitAsync("answer", ("answer", "no"));

        Assert.That(answer.Answer()["error"], Is.EqualTo("access_denied"));
        Assert.That(await StatusAsync(account), Is.EqualTo("deactivated"));
    }

    [Test]
    public async Task Reactivate_OfAnotherAccountThanTheOneThatSignedIn_IsRefused()
    {
        using AccountClient account = await DeactivatedAsync();
        using AccountClient victim = await DeactivatedAsync();
        using OAuthClient client = new(Pds);
        using Browser browser = new(Pds);

        Page refused = await (await OpenAsync(client, browser, account)).SubmitAsync("reactivate", ("account", victim.Did.ToString()));

        Assert.That(refused.Response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That((await StatusAsync(account), await StatusAsync(victim)), Is.EqualTo(("deactivated", "deactivated")));
    }

    [Test]
    public async Task Reactivate_BeforeAnybodyHasSignedIn_IsRefused()
    {
        using AccountClient account = await DeactivatedAsync();
        using OAuthClient client = new(Pds);
        using Browser browser = new(Pds);
        Page page = await browser.OpenAsync(client.AuthorizeAddress(await client.PushAsync()));
        IEnumerable<KeyValuePair<string, string>> form = [.. page.Fields("answer"), new("account", account.Did.ToString())];

        Page refused = await browser.SendAsync(HttpMethod.Post, "/oauth/authorize/reactivate", "same-origin", form);

        Assert.That(refused.Response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(await StatusAsync(account), Is.EqualTo("deactivated"));
    }

    [Test]
    public async Task Choose_OfARememberedDeactivatedAccount_OffersToReactivate()
    {
        using AccountClient account = await DeactivatedAsync();
        using OAuthClient client = new(Pds);
        using Browser browser = new(Pds);
        await OpenAsync(client, browser, account, remember: true);

        Page choice = await browser.OpenAsync(client.AuthorizeAddress(await client.PushAsync()));
        Page offer = await choice.SubmitAsync("choose", ("account", account.Did.ToString()));

        Assert.That((choice.Title, offer.Title), Is.EqualTo(("Choose an account", "Reactivate your account?")));
    }

    private static async Task<Page> OpenAsync(OAuthClient client, Browser browser, AccountClient account, bool remember = false)
    {
        Page page = await browser.OpenAsync(client.AuthorizeAddress(await client.PushAsync()));
        page = page.Title == "Choose an account" ? await page.SubmitAsync("choose", ("account", account.Did.ToString())) : page;
        return page.Title == "Sign in" ? await page.SignInAsync(account, remember: remember) : page;
    }

    private async Task<AccountClient> DeactivatedAsync()
    {
        AccountClient account = await Pds.CreateAccountAsync();
        await account.PostAsync("com.atproto.server.deactivateAccount", new JsonObject());
        return account;
    }

    private async Task<string?> StatusAsync(AccountClient account) =>
        (await (await Pds.Http.GetXrpcAsync("com.atproto.sync.getRepoStatus", ("did", account.Did))).ShouldBeJsonAsync())["status"]?.GetValue<string>();
}
