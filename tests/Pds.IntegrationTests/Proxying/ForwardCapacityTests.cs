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
