using System.Net;
using Microsoft.AspNetCore.Http;

namespace Pds.IntegrationTests.Proxying;

/// <summary>A service that hangs takes only so many requests with it.</summary>
internal sealed class ForwardCapacityTests : ProxyTest
{
    private const string Method = "app.bsky.feed.searchPosts";

    protected override IReadOnlyDictionary<string, string?> Variables => new Dictionary<string, string?>(StringComparer.Ordinal) { ["PDS_MAX_CONCURRENT_FORWARDS"] = "1" };

    [Test]
    public async Task Forward_WhenTheServiceHangs_IsRefusedAndTheRestGoesOn()
    {
        var entered = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        AppView.Answers[Method] = async context =>
        {
            entered.TrySetResult();
            await release.Task;
            await context.Response.WriteAsync("{}");
        };
        Task<HttpResponseMessage> held = Alice.GetAsync(Method);
        await entered.Task;

        HttpResponseMessage refused = await Alice.GetAsync("app.bsky.feed.getTimeline");
        await Alice.CreateRecordAsync();
        release.SetResult();

        await refused.ShouldBeXrpcErrorAsync(HttpStatusCode.ServiceUnavailable, "NotEnoughResources");
        Assert.That(HeaderOf(refused, "Retry-After"), Is.EqualTo("2"));
        Assert.That((await held).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }
}

/// <summary>A service that hangs for one account, or one address, hangs for no other. There are four places, and shares of one.</summary>
internal sealed class ForwardShareTests : ProxyTest
{
    private const string Method = "app.bsky.feed.searchPosts";

    protected override IReadOnlyDictionary<string, string?> Variables => new Dictionary<string, string?>(StringComparer.Ordinal) { ["PDS_MAX_CONCURRENT_FORWARDS"] = "4" };

    [TestCase(false)]
    [TestCase(true)]
    public async Task Forwards_OfOneCaller_LeaveRoomForAnother(bool isByAddress)
    {
        var entered = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        AppView.Answers[Method] = async context =>
        {
            entered.TrySetResult();
            await release.Task;
            await context.Response.WriteAsync("{}");
        };
        using AccountClient bob = await Pds.CreateAccountAsync();
        using AccountClient carol = await Pds.CreateAccountAsync();
        AccountClient rival = isByAddress ? carol : Alice;
        foreach ((AccountClient account, string address) in new[] { (Alice, "2001:db8:1:1::1"), (bob, "2001:db8:1:2::1"), (carol, "2001:db8:1:1::2") })
        {
            account.Http.DefaultRequestHeaders.Add("X-Forwarded-For", address);
        }

        Task<HttpResponseMessage> held = Alice.GetAsync(Method);
        await entered.Task;

        HttpResponseMessage refused = await rival.GetAsync("app.bsky.feed.getTimeline");
        HttpResponseMessage other = await bob.GetAsync("app.bsky.feed.getTimeline");
        release.SetResult();

        await refused.ShouldBeXrpcErrorAsync(HttpStatusCode.ServiceUnavailable, "NotEnoughResources");
        Assert.That(other.StatusCode, Is.Not.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That((await held).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }
}
