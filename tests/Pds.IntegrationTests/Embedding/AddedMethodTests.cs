using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Pds.Api.RateLimits;
using Pds.Api.Xrpc;
using Pds.Application.Accounts;
using Pds.Application.Crypto;
using Pds.Application.Moderation;
using Pds.Application.Pipeline;
using Pds.Application.Proxying;
using Pds.Application.Settings;
using Pds.Domain.Crypto;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.Moderation;
using Pds.Domain.Proxying;
using Pds.IntegrationTests.Accounts;
using Pds.IntegrationTests.RateLimits;

namespace Pds.IntegrationTests.Embedding;

/// <summary>Whoever adds a method writes its message and its action: every table of methods has it then.</summary>
internal sealed class AddedMethodTests : PdsTest
{
    private const string Added = "com.example.added";
    private const string Reviewed = "com.example.reviewed";
    private const string Bare = "com.example.bare";

    [Test]
    public void Tables_OfMethods_HaveIt()
    {
        XrpcMethods methods = Pds.Services.GetRequiredService<XrpcMethods>();

        XrpcMethod? added = methods.Find("Com.Example.ADDED");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(methods.All.Select(method => method.Nsid), Has.Member(Added).And.Member(Bare).And.Member("com.atproto.server.describeServer"));
            Assert.That(added!.Called, Is.EqualTo(new CalledMethod(Added, CallerKinds.Account | CallerKinds.Service, Changes: true)));
            Assert.That(methods.Find(Reviewed)!.Called.Opens, Is.EqualTo(CallerKinds.Operator | CallerKinds.Moderator));
            Assert.That(RateLimitRules.Of(added).Select(rule => (rule.Name, rule.Points, rule.Window)), Is.EqualTo(new[] { ($"{Added}-0", 7, TimeSpan.FromMinutes(5)) }));
            Assert.That(RateLimitRules.Of(methods.Find(Bare)!).Select(rule => (rule.Name, rule.Points, rule.Window)), Is.EqualTo(new[] { ($"{Bare}-0", 2, TimeSpan.FromHours(1)) }));
            Assert.That(RateLimitRules<AddedCommand>.All.Single().Name, Is.EqualTo($"{Added}-0"));
            Assert.That(XrpcMethodAttribute.NsidOf<AddedCommand>(), Is.EqualTo(Added));
        }
    }

    [Test]
    public void RestrictedMethods_HaveIt()
    {
        RestrictedMethods restricted = Pds.Services.GetRequiredService<RestrictedMethods>();

        (bool, bool)[] found = [.. new[] { Added, Bare, "com.atproto.server.getSession" }.Select(method => (restricted.IsProtected(method), restricted.IsPrivileged(method)))];

        Assert.That(found, Is.EqualTo(new[] { (true, false), (false, true), (true, false) }));
    }

    [Test]
    public async Task GetServiceAuth_ForIt_IsRefused()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();

        HttpResponseMessage refused = await alice.GetAsync("com.atproto.server.getServiceAuth", ("aud", "did:web:x.example"), ("lxm", Added));

        JsonNode body = await refused.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
        Assert.That((string?)body["message"], Is.EqualTo($"cannot request a service auth token for the following protected method: {Added}"));
    }

    [Test]
    public async Task Forwarding_OfIt_IsRefused()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        await using AsyncServiceScope scope = Pds.Services.CreateAsyncScope();
        var elsewhere = new ServiceRoute(new ServiceReference(Did.Parse("did:web:x.example"), "svc"), new Uri("https://x.example"));
        var call = new CallServiceCommand(new Caller.Session(alice.Did, SessionScope.Access), Nsid.Parse(Added), elsewhere);

        XrpcException refusal = Assert.ThrowsAsync<XrpcException>(() => scope.ServiceProvider.GetRequiredService<IMediator>().Send(call))!;

        Assert.That((refusal.Error, refusal.Message), Is.EqualTo((AuthErrors.InvalidToken, "Bad token method")));
    }

    [Test]
    public async Task Query_OfIt_IsAWrongVerb()
    {
        HttpResponseMessage response = await Pds.Http.GetXrpcAsync(Added);

        JsonNode body = await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
        Assert.That((string?)body["message"], Is.EqualTo("Incorrect HTTP method (GET) expected POST"));
    }

    [Test]
    public async Task Call_BeyondItsRateLimit_IsRefused()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        HttpResponseMessage first = await alice.PostAsync(Added, new JsonObject());
        await alice.PostAsync(Added, new JsonObject());

        HttpResponseMessage third = await alice.PostAsync(Added, new JsonObject());

        Assert.That((first.Headers.GetValues("RateLimit-Remaining").Single(), first.Headers.GetValues("RateLimit-Policy").Single()), Is.EqualTo(("4", "7;w=300")));
        await third.ShouldBeXrpcErrorAsync(HttpStatusCode.TooManyRequests, "RateLimitExceeded");
    }

    [Test]
    public async Task Call_BeyondItsCapacity_IsRefused()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        await using HeldUpload held = await HeldUpload.BeginAsync(Pds, Added, alice);

        HttpResponseMessage refused = await alice.PostAsync(Added, new JsonObject());
        HttpResponseMessage answered = await held.FinishAsync();

        await refused.ShouldBeXrpcErrorAsync(HttpStatusCode.ServiceUnavailable, "NotEnoughResources");
        await answered.ShouldSucceedAsync();
    }

    [Test]
    public async Task Call_BeyondItsBodyLimit_IsRefused()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();

        HttpResponseMessage refused = await alice.PostAsync(Added, new JsonObject { ["text"] = new string('a', 100) });

        await refused.ShouldBeXrpcErrorAsync(HttpStatusCode.RequestEntityTooLarge, "PayloadTooLargeError");
    }

    [TestCase(Added, HttpStatusCode.OK)]
    [TestCase("com.example.other", HttpStatusCode.Unauthorized)]
    public async Task Call_WithAServiceToken_MustNameIt(string named, HttpStatusCode status)
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        ISigner signer = await Pds.Services.GetRequiredService<ISigningKeys>().GetAsync(alice.Did, CancellationToken.None);

        HttpResponseMessage response = await CallAsync(GivenServiceTokens.Sign(signer, alice.Did.ToString(), Pds.Options.Server.ServiceIdentity.ToString(), named), Added, "by a token");

        Assert.That(response.StatusCode, Is.EqualTo(status));
    }

    [Test]
    public async Task Call_ByTheModerationService_IsAuditedByItsName()
    {
        ForeignIdentity moderator = await Pds.CreateForeignIdentityAsync("moderates.example");
        Pds.Services.GetRequiredService<ModerationSettings>().ModeratorDid = moderator.Did.ToString();
        string token = GivenServiceTokens.Sign(moderator.Signing, moderator.Did.ToString(), Pds.Options.Server.ServiceIdentity.ToString(), Reviewed);

        JsonNode answer = await (await CallAsync(token, Reviewed, "by a moderator")).ShouldBeJsonAsync();

        IReadOnlyList<AuditRecord> trail = await Pds.Services.GetRequiredService<IAuditLog>().ReadAsync(0, int.MaxValue, CancellationToken.None);
        AuditAct act = trail.Single(record => record.Act.Subject == "by a moderator").Act;
        Assert.That((string?)answer["caller"], Is.EqualTo(nameof(Caller.Admin)));
        Assert.That((act.Action, act.Actor, act.Outcome), Is.EqualTo((Reviewed, moderator.Did.ToString(), AuditAct.Done)));
    }

    protected override Task<PdsApplication> StartAsync() => PdsApplication.StartAsync(
        new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["PDS_RATE_LIMITS_ENABLED"] = "true",
            ["PDS_MAX_CONCURRENT_UPLOADS"] = "1",
            ["LOG_ENABLED"] = "false",
        },
        services =>
        {
            services.AddMvcCore().AddApplicationPart(typeof(AddedController).Assembly);
            services.AddTransient<IRequestHandler<AddedCommand, AddedOutput>, AddedHandler>();
            services.AddTransient<IRequestHandler<ReviewedCommand, AddedOutput>, AddedHandler>();
        });

    private async Task<HttpResponseMessage> CallAsync(string token, string method, string text)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, $"/xrpc/{method}") { Content = new StringContent($$"""{"text":"{{text}}"}""", System.Text.Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await Pds.Http.SendAsync(request);
    }
}
