using System.Net;

namespace Pds.IntegrationTests.Proxying;

internal sealed class HandleResolutionTests : ProxyTest
{
    private const string Method = "com.atproto.identity.resolveHandle";

    [Test]
    public async Task ResolveHandle_WhenTheAppViewKnowsIt_AnswersSoWithoutAskingTheOwner()
    {
        AppView.Answer(Method, """{"did":"did:plc:ewvi7nxzyoun6zhxrhs64oiz"}""");

        HttpResponseMessage response = await SendAsync(HttpMethod.Get, $"/xrpc/{Method}?handle=somebody.example.org");

        string body = await response.Content.ReadAsStringAsync();
        SeenRequest seen = AppView.TakeSeen().Single();
        Assert.Multiple(() =>
        {
            Assert.That(body, Is.EqualTo("""{"did":"did:plc:ewvi7nxzyoun6zhxrhs64oiz"}"""));
            Assert.That(seen.Target, Does.EndWith("?handle=somebody.example.org"));
            Assert.That(seen.Token, Is.Null);
        });
    }

    [TestCase("""{"did":"nonsense"}""", 200)]
    [TestCase("not json", 200)]
    [TestCase("""{"error":"InvalidRequest"}""", 400)]
    public async Task ResolveHandle_WhenTheAppViewIsOfNoUse_AsksTheOwner(string answer, int status)
    {
        AppView.Answer(Method, answer, status);

        HttpResponseMessage response = await SendAsync(HttpMethod.Get, $"/xrpc/{Method}?handle=nobody.invalid");

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
    }

    [Test]
    public async Task ResolveHandle_WhenTheNameIsUnderOurDomain_AsksNobody()
    {
        HttpResponseMessage response = await SendAsync(HttpMethod.Get, $"/xrpc/{Method}?handle=nobody.test");

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "HandleNotFound");
        Assert.That(AppView.TakeSeen(), Is.Empty);
    }
}
