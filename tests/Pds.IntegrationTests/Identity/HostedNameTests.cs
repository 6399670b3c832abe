using System.Net;
using System.Text.Json.Nodes;

namespace Pds.IntegrationTests.Identity;

/// <summary>What a proxy that makes certificates on demand asks before it makes one (spec 05 §9).</summary>
internal sealed class HostedNameTests : PdsTest
{
    [Test]
    public async Task Check_OfTheServersNameOrAHandleUnderItsDomain_Succeeds()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        using AccountClient closed = await Pds.CreateAccountAsync();
        await closed.PostAsync("com.atproto.server.deactivateAccount", new JsonObject());

        string[] answers = await Task.WhenAll(
            TextAsync("localhost"), TextAsync("LOCALHOST"), TextAsync(alice.Handle.ToString()), TextAsync(alice.Handle.ToString().ToUpperInvariant()), TextAsync(closed.Handle.ToString()));

        Assert.That(answers, Is.All.EqualTo("""{"success":true}"""));
    }

    [Test]
    public async Task Check_OfAHandleThatNobodyHas_Answers404() =>
        await (await CheckAsync("nobody-has-it.test")).ShouldBeXrpcErrorAsync(HttpStatusCode.NotFound, "NotFound");

    [TestCase(null)]
    [TestCase("")]
    [TestCase("not a host name")]
    [TestCase("203.0.113.1")]
    [TestCase("elsewhere.example.com")]
    [TestCase("test")]
    [TestCase("two.labels.test")]
    public async Task Check_OfAnythingElse_IsRefused(string? domain) => await (await CheckAsync(domain)).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");

    private Task<HttpResponseMessage> CheckAsync(string? domain) =>
        Pds.Http.GetAsync(new Uri(domain is null ? "/tls-check" : $"/tls-check?domain={Uri.EscapeDataString(domain)}", UriKind.Relative));

    private async Task<string> TextAsync(string domain)
    {
        HttpResponseMessage response = await CheckAsync(domain);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        return await response.Content.ReadAsStringAsync();
    }
}
