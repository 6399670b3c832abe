using System.Net;

namespace Pds.IntegrationTests.Xrpc;

internal sealed class AuthenticationTests : XrpcTest
{
    private const string Procedure = "/xrpc/com.example.probe.procedure";
    private const string Good = """{"handle":"alice.test"}""";

    [Test]
    public async Task Procedure_WithoutCredentials_AnswersAuthMissingBeforeTheBody()
    {
        HttpResponseMessage response = await SendAsync(HttpMethod.Post, Procedure, Json("no json"));

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "AuthMissing");
        Assert.That(response.Headers.WwwAuthenticate, Is.Not.Empty);
    }

    [TestCase("bearer")]
    [TestCase("bearer x  y")]
    [TestCase("bearer x y")]
    [TestCase("Token abc")]
    [TestCase("Bearer not-a-token")]
    [TestCase("Bearer eyJ0eXAiOiJcdWQ4MDAifQ.e30.AAAA", Description = "A header with a lone surrogate.")]
    [TestCase("Bearer eyJ0eXAiOiK7In0.e30.AAAA", Description = "A header that is not UTF-8.")]
    public async Task Procedure_WhenTheHeaderIsNoGood_AnswersInvalidToken(string header)
    {
        HttpResponseMessage response = await SendAsync(HttpMethod.Post, Procedure, Json(Good), header);

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidToken");
    }

    [TestCase("admin", "wrong")]
    [TestCase("root", PdsApplication.AdminPassword)]
    [TestCase("Admin", PdsApplication.AdminPassword)]
    public async Task Procedure_WhenTheAdminPasswordIsWrong_AnswersAuthenticationRequired(string user, string password)
    {
        HttpResponseMessage response = await SendAsync(HttpMethod.Post, Procedure, Json(Good), Basic(user, password));

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "AuthenticationRequired");
    }

    [Test]
    public async Task Procedure_WithTheAdminPassword_KnowsTheOperator()
    {
        HttpResponseMessage response = await SendAsync(HttpMethod.Post, Procedure, Json(Good), Basic("admin", PdsApplication.AdminPassword));

        Assert.That((await response.ShouldBeJsonAsync())["caller"]!.GetValue<string>(), Is.EqualTo("Admin"));
    }

    [Test]
    public async Task Query_WithoutCredentials_LetsStrangersThroughAndIsNotCached()
    {
        HttpResponseMessage response = await GetRawAsync("/xrpc/com.example.probe.required?repo=alice.test&text=x");

        using (Assert.EnterMultipleScope())
        {
            Assert.That((await response.ShouldBeJsonAsync())["caller"]!.GetValue<string>(), Is.EqualTo("Anonymous"));
            Assert.That(response.Headers.CacheControl!.Private, Is.True);
            Assert.That(response.Headers.Vary, Does.Contain("Authorization"));
        }
    }

    [Test]
    public async Task Answer_WithATokenInIt_IsNotStored()
    {
        HttpResponseMessage response = await SendAsync(HttpMethod.Post, "/xrpc/com.example.probe.bare");

        Assert.That(response.Headers.CacheControl!.NoStore, Is.True);
    }
}
