using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Pds.Application.DependencyInjection;
using Pds.Application.Identity;
using Pds.Domain.Identifiers;
using Pds.IntegrationTests.OAuth;

namespace Pds.IntegrationTests.Pages;

/// <summary>Tests of the account area: a browser in which an account is signed in, and a clock to let that grow old.</summary>
internal abstract class AccountAreaTest : PdsTest
{
    protected ManualTime Time { get; } = new();

    protected HandleTable Handles { get; } = new();

    protected override Task<PdsApplication> StartAsync() => PdsApplication.StartAsync(services: services =>
    {
        services.Configure<PdsOptions>(options => options.SignIn.MinSignInTime = TimeSpan.Zero);
        services.Replace(ServiceDescriptor.Singleton<TimeProvider>(Time));
        services.Replace(ServiceDescriptor.Singleton<IHandleResolver>(Handles));
    });

    /// <summary>Signs in to the account area.</summary>
    protected static async Task<Page> SignInAsync(Browser browser, AccountClient account, string next = "/account")
    {
        Page page = await browser.OpenAsync($"/account/sign-in?next={next}&other=yes");
        return await page.SubmitAsync("/account/sign-in", ("identifier", account.Handle.ToString()), ("password", PdsApplication.Password));
    }

    /// <summary>Posts a form of a page with a token that is none, and with that of another browser.</summary>
    protected async Task AssertForgeryIsRefusedAsync(Browser browser, Page page, string act, params (string Name, string Value)[] fields)
    {
        Dictionary<string, string> form = page.Fields(act).Where(field => field.Key is "account" or "csrf").ToDictionary(field => field.Key, field => field.Value);
        foreach ((string name, string value) in fields)
        {
            form[name] = value;
        }

        using Browser other = new(Pds);
        await other.OpenAsync("/account/sign-in");
        Page stolen = await other.SendAsync(HttpMethod.Post, act, "same-origin", form);
        Page crossSite = await browser.SendAsync(HttpMethod.Post, act, "cross-site", form);
        form["csrf"] = "abc";
        Page forged = await browser.SendAsync(HttpMethod.Post, act, "same-origin", form);

        Assert.That(new[] { stolen, crossSite, forged }.Select(answer => answer.Response.StatusCode), Has.All.EqualTo(HttpStatusCode.BadRequest));
    }

    /// <summary>What domains of other people name.</summary>
    protected sealed class HandleTable : IHandleResolver
    {
        public Dictionary<string, Did> Named { get; } = [];

        public ValueTask<Did?> ResolveAsync(Handle handle, CancellationToken cancellationToken) =>
            ValueTask.FromResult<Did?>(Named.TryGetValue(handle.ToString(), out Did did) ? did : null);
    }
}
