using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Pds.Application.Accounts;
using Pds.Application.Repositories;
using Pds.Application.Sync;
using Pds.Cryptography;
using Pds.Infrastructure.Crypto;
using Pds.IntegrationTests.Blobs;
using Pds.IntegrationTests.OAuth;

namespace Pds.IntegrationTests.RateLimits;

/// <summary>No account and no address takes all places of a gate: while one holds its share, the next one is served. Every gate has four places here, and shares of one.</summary>
internal sealed class ShareTests
{
    private const string DescribeServer = "com.atproto.server.describeServer";
    private const string Here = "203.0.113.7";
    private const string There = "203.0.113.8";

    [Test]
    public async Task Uploads_OfOneAccount_LeaveRoomForAnother()
    {
        await using PdsApplication pds = await StartAsync(("PDS_MAX_CONCURRENT_UPLOADS", "4"));
        using AccountClient alice = await pds.CreateAccountAsync();
        using AccountClient bob = await pds.CreateAccountAsync();
        await using var held = await HeldUpload.BeginAsync(pds, "com.atproto.repo.uploadBlob", alice);

        HttpResponseMessage refused = await alice.TryUploadAsync([1, 2, 3]);
        HttpResponseMessage other = await bob.TryUploadAsync([1, 2, 3]);

        await ShouldBeRefusedAsync(refused);
        Assert.That(other.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    // A service that uploads for an account uses the account's share.
    [Test]
    public async Task Uploads_ByServiceTokensOfOneAccount_CountForIt()
    {
        const string Method = "com.atproto.repo.uploadBlob";
        await using PdsApplication pds = await StartAsync(("PDS_MAX_CONCURRENT_UPLOADS", "4"));
        using AccountClient alice = await pds.CreateAccountAsync();
        JsonNode token = await (await alice.GetAsync("com.atproto.server.getServiceAuth", ("aud", pds.Options.Server.ServiceIdentity), ("lxm", Method))).ShouldBeJsonAsync();
        await using var held = await HeldUpload.BeginAsync(pds, Method, alice);
        alice.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (string)token["token"]!);

        HttpResponseMessage refused = await alice.TryUploadAsync([1, 2, 3]);

        await ShouldBeRefusedAsync(refused);
    }

    [Test]
    public async Task Uploads_FromOneAddress_LeaveRoomForAnother()
    {
        await using PdsApplication pds = await StartAsync(("PDS_MAX_CONCURRENT_UPLOADS", "4"));
        using AccountClient alice = await pds.CreateAccountAsync();
        using AccountClient bob = await pds.CreateAccountAsync();
        await using var held = await HeldUpload.BeginAsync(pds, "com.atproto.repo.uploadBlob", alice, Here);

        HttpResponseMessage refused = await From(bob, Here).TryUploadAsync([1, 2, 3]);
        HttpResponseMessage other = await From(bob, There).TryUploadAsync([1, 2, 3]);

        await ShouldBeRefusedAsync(refused);
        Assert.That(other.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Exports_FromOneAddress_LeaveRoomForAnother()
    {
        var hold = new Hold<GetRepoQuery, CarExport>();
        await using PdsApplication pds = await StartAsync(hold.Register, ("PDS_MAX_CONCURRENT_EXPORTS", "4"));
        using AccountClient alice = await pds.CreateAccountAsync();
        using HttpClient here = ClientFrom(pds, Here);
        using HttpClient there = ClientFrom(pds, There);
        Task<HttpResponseMessage> held = here.GetXrpcAsync("com.atproto.sync.getRepo", ("did", alice.Did));
        await hold.Entered;

        HttpResponseMessage refused = await here.GetXrpcAsync("com.atproto.sync.getRepo", ("did", alice.Did));
        HttpResponseMessage other = await there.GetXrpcAsync("com.atproto.sync.getRepo", ("did", alice.Did));
        hold.Release();

        await ShouldBeRefusedAsync(refused);
        Assert.That(other.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await held).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    // Blocks of a repository may come to as much as the whole.
    [Test]
    public async Task Blocks_FromOneAddress_CountAsExports()
    {
        var hold = new Hold<GetBlocksQuery, CarExport>();
        await using PdsApplication pds = await StartAsync(hold.Register, ("PDS_MAX_CONCURRENT_EXPORTS", "4"));
        using AccountClient alice = await pds.CreateAccountAsync();
        string head = (await alice.HeadAsync()).ToString();
        using HttpClient here = ClientFrom(pds, Here);
        using HttpClient there = ClientFrom(pds, There);
        Task<HttpResponseMessage> held = here.GetXrpcAsync("com.atproto.sync.getBlocks", ("did", alice.Did), ("cids", head));
        await hold.Entered;

        HttpResponseMessage refused = await here.GetXrpcAsync("com.atproto.sync.getRepo", ("did", alice.Did));
        HttpResponseMessage other = await there.GetXrpcAsync("com.atproto.sync.getBlocks", ("did", alice.Did), ("cids", head));
        hold.Release();

        await ShouldBeRefusedAsync(refused);
        Assert.That(other.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await held).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    // A proxy that does not say whom it speaks for is everybody, and must not be one caller.
    [Test]
    public async Task Exports_FromInside_HaveNoShare()
    {
        var hold = new Hold<GetRepoQuery, CarExport>();
        await using PdsApplication pds = await StartAsync(hold.Register, ("PDS_MAX_CONCURRENT_EXPORTS", "4"));
        using AccountClient alice = await pds.CreateAccountAsync();
        Task<HttpResponseMessage> held = pds.Http.GetXrpcAsync("com.atproto.sync.getRepo", ("did", alice.Did));
        await hold.Entered;

        HttpResponseMessage other = await pds.Http.GetXrpcAsync("com.atproto.sync.getRepo", ("did", alice.Did));
        hold.Release();

        Assert.That(other.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await held).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Exports_OfOneAccount_LeaveRoomForAnother()
    {
        var hold = new Hold<GetRepoQuery, CarExport>();
        await using PdsApplication pds = await StartAsync(hold.Register, ("PDS_MAX_CONCURRENT_EXPORTS", "4"));
        using AccountClient alice = await pds.CreateAccountAsync();
        using AccountClient bob = await pds.CreateAccountAsync();
        Task<HttpResponseMessage> held = alice.GetAsync("com.atproto.sync.getRepo", ("did", alice.Did));
        await hold.Entered;

        HttpResponseMessage refused = await alice.GetAsync("com.atproto.sync.getRepo", ("did", bob.Did));
        HttpResponseMessage other = await bob.GetAsync("com.atproto.sync.getRepo", ("did", alice.Did));
        hold.Release();

        await ShouldBeRefusedAsync(refused);
        Assert.That(other.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await held).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Writes_OfOneAccount_LeaveRoomForAnother()
    {
        var hold = new Hold<CreateRecordCommand, CreateRecordOutput>();
        await using PdsApplication pds = await StartAsync(hold.Register, ("PDS_MAX_CONCURRENT_WRITES", "4"), ("PDS_MAX_WAITING_WRITES", "0"));
        using AccountClient alice = await pds.CreateAccountAsync();
        using AccountClient bob = await pds.CreateAccountAsync();
        Task<HttpResponseMessage> held = alice.TryCreateNoteAsync();
        await hold.Entered;

        HttpResponseMessage refused = await alice.TryCreateNoteAsync();
        HttpResponseMessage other = await bob.TryCreateNoteAsync();
        hold.Release();

        await ShouldBeRefusedAsync(refused);
        Assert.That(other.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await held).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Writes_FromOneAddress_LeaveRoomForAnother()
    {
        var hold = new Hold<CreateRecordCommand, CreateRecordOutput>();
        await using PdsApplication pds = await StartAsync(hold.Register, ("PDS_MAX_CONCURRENT_WRITES", "4"), ("PDS_MAX_WAITING_WRITES", "0"));
        using AccountClient alice = From(await pds.CreateAccountAsync(), Here);
        using AccountClient bob = await pds.CreateAccountAsync();
        Task<HttpResponseMessage> held = alice.TryCreateNoteAsync();
        await hold.Entered;

        HttpResponseMessage refused = await From(bob, Here).TryCreateNoteAsync();
        HttpResponseMessage other = await From(bob, There).TryCreateNoteAsync();
        hold.Release();

        await ShouldBeRefusedAsync(refused);
        Assert.That(other.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await held).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Requests_FromOneAddress_LeaveRoomForAnother()
    {
        await using PdsApplication pds = await StartAsync(("PDS_MAX_CONCURRENT_REQUESTS", "4"));
        using HttpClient here = ClientFrom(pds, Here);
        using HttpClient there = ClientFrom(pds, There);
        await using var held = await HeldUpload.BeginAsync(pds, "com.atproto.server.createSession", address: Here);

        HttpResponseMessage refused = await here.GetXrpcAsync(DescribeServer);
        HttpResponseMessage other = await there.GetXrpcAsync(DescribeServer);

        await ShouldBeRefusedAsync(refused);
        Assert.That(other.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Requests_OfOneAccount_LeaveRoomForAnother()
    {
        var hold = new Hold<CreateRecordCommand, CreateRecordOutput>();
        await using PdsApplication pds = await StartAsync(hold.Register, ("PDS_MAX_CONCURRENT_REQUESTS", "4"));
        using AccountClient alice = await pds.CreateAccountAsync();
        using AccountClient bob = await pds.CreateAccountAsync();
        Task<HttpResponseMessage> held = alice.TryCreateNoteAsync();
        await hold.Entered;

        HttpResponseMessage refused = await alice.GetAsync("com.atproto.server.getSession");
        HttpResponseMessage other = await bob.GetAsync("com.atproto.server.getSession");
        hold.Release();

        await ShouldBeRefusedAsync(refused);
        Assert.That(other.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await held).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public Task SignIns_OfOneAccount_LeaveRoomForAnother() => SignInsShouldShareAsync(isOneAccount: true);

    [Test]
    public Task SignIns_FromOneAddress_LeaveRoomForAnother() => SignInsShouldShareAsync(isOneAccount: false);

    [Test]
    public async Task Pushes_FromOneAddress_LeaveRoomForAnother()
    {
        using var web = new HangingWeb();
        await using PdsApplication pds = await web.StartAsync(Variables(("PDS_MAX_CONCURRENT_CLIENT_CALLS", "4")));
        using HttpClient here = ClientFrom(pds, Here);
        Task<HttpResponseMessage> held = PushAsync(here, "https://slow.client.dev/1.json");
        await web.Asked("https://slow.client.dev/1.json");
        using var client = new OAuthClient(pds);

        HttpResponseMessage refused = await PushAsync(here, "https://slow.client.dev/2.json");
        string other = await client.PushAsync();
        web.Release();

        Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(other, Does.StartWith("urn:"));
        Assert.That((await held).StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
    }

    // A request that was not pushed is refused where the client's document says, so that is fetched.
    [Test]
    public async Task PlainRequests_FromOneAddress_LeaveRoomForAnother()
    {
        using var web = new HangingWeb();
        await using PdsApplication pds = await web.StartAsync(Variables(("PDS_MAX_CONCURRENT_CLIENT_CALLS", "4")));
        using HttpClient here = ClientFrom(pds, Here);
        here.DefaultRequestHeaders.Add("Sec-Fetch-Site", "none");
        here.DefaultRequestHeaders.Add("Sec-Fetch-Mode", "navigate");
        here.DefaultRequestHeaders.Add("Sec-Fetch-Dest", "document");
        Task<HttpResponseMessage> held = here.GetAsync(new Uri("/oauth/authorize?client_id=https%3A%2F%2Fslow.client.dev%2F1.json", UriKind.Relative));
        if (await Task.WhenAny(web.Asked("https://slow.client.dev/1.json"), held) == held)
        {
            Assert.Fail(await (await held).Content.ReadAsStringAsync());
        }

        using var client = new OAuthClient(pds);

        HttpResponseMessage refused = await here.GetAsync(new Uri("/oauth/authorize?client_id=https%3A%2F%2Fslow.client.dev%2F2.json", UriKind.Relative));
        string other = await client.PushAsync();
        web.Release();

        Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(other, Does.StartWith("urn:"));
        Assert.That((await held).StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
    }

    [Test]
    public async Task Pushes_NamingOneHost_LeaveRoomForAnother()
    {
        const string other = "https://app.client.dev/client.json";
        using var web = new HangingWeb();
        web.Documents[other] = FakeWeb.Public(other, "https://app.client.dev/back");
        await using PdsApplication pds = await web.StartAsync(Variables(("PDS_MAX_CONCURRENT_FETCHES_PER_CLIENT_HOST", "2")));
        Task<HttpResponseMessage>[] held = [.. new[] { 1, 1, 2 }.Select(number => PushAsync(pds.Http, $"https://slow.client.dev/{number}.json"))];
        await web.Asked("https://slow.client.dev/1.json");
        await web.Asked("https://slow.client.dev/2.json");
        using var client = new OAuthClient(pds) { ClientId = other, RedirectUri = "https://app.client.dev/back" };

        HttpResponseMessage refused = await PushAsync(pds.Http, "https://slow.client.dev/3.json");
        string pushed = await client.PushAsync();
        web.Release();

        Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(refused.Headers.RetryAfter, Is.Not.Null);
        Assert.That(pushed, Does.StartWith("urn:"));
        Assert.That((await Task.WhenAll(held)).Select(answer => answer.StatusCode), Is.All.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(web.Requests, Is.EqualTo(3), "who asks for the same document at the same time shares it");
    }

    private static async Task SignInsShouldShareAsync(bool isOneAccount)
    {
        using System.Threading.RateLimiting.ConcurrencyLimiter turns = ScryptPasswordHasher.Turns(concurrency: 1, waiting: 10);
        await using PdsApplication pds = await StartAsync(
            services => services.Replace(ServiceDescriptor.Singleton<IPasswordHasher>(_ => new ScryptPasswordHasher(Scrypt.Open(), turns))),
            ("PDS_MAX_SHARE_PERCENT", "1"));
        using AccountClient alice = await pds.CreateAccountAsync();
        using AccountClient bob = await pds.CreateAccountAsync();
        using AccountClient carol = await pds.CreateAccountAsync();
        System.Threading.RateLimiting.RateLimitLease busy = turns.AttemptAcquire();
        Task<HttpResponseMessage>[] twice = isOneAccount
            ? [SignInAsync(pds, alice, Here), SignInAsync(pds, alice, There)]
            : [SignInAsync(pds, alice, Here), SignInAsync(pds, bob, Here)];

        Task<HttpResponseMessage> refused = await Task.WhenAny(twice);
        Task<HttpResponseMessage> other = SignInAsync(pds, carol, "203.0.113.9");
        busy.Dispose();

        await ShouldBeRefusedAsync(await refused);
        Assert.That((await twice.Single(task => task != refused)).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await other).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    private static Task<PdsApplication> StartAsync(params (string Name, string Value)[] variables) => StartAsync(_ => { }, variables);

    private static Task<PdsApplication> StartAsync(Action<IServiceCollection> services, params (string Name, string Value)[] variables) =>
        PdsApplication.StartAsync(Variables(variables), services);

    private static Dictionary<string, string?> Variables(params (string Name, string Value)[] variables) =>
        variables.ToDictionary(variable => variable.Name, variable => (string?)variable.Value, StringComparer.Ordinal);

    private static HttpClient ClientFrom(PdsApplication pds, string address)
    {
        HttpClient client = pds.CreateClient();
        client.DefaultRequestHeaders.Add("X-Forwarded-For", address);
        return client;
    }

    private static AccountClient From(AccountClient account, string address)
    {
        account.Http.DefaultRequestHeaders.Remove("X-Forwarded-For");
        account.Http.DefaultRequestHeaders.Add("X-Forwarded-For", address);
        return account;
    }

    private static async Task<HttpResponseMessage> SignInAsync(PdsApplication pds, AccountClient account, string address)
    {
        using HttpClient client = ClientFrom(pds, address);
        return await client.PostXrpcAsync(
            "com.atproto.server.createSession", new JsonObject { ["identifier"] = account.Handle.ToString(), ["password"] = PdsApplication.Password });
    }

    private static Task<HttpResponseMessage> PushAsync(HttpClient http, string clientId) =>
        http.PostAsync(new Uri("/oauth/par", UriKind.Relative), new FormUrlEncodedContent([new("client_id", clientId), new("response_type", "code")]));

    private static Task ShouldBeRefusedAsync(HttpResponseMessage response) => response.ShouldBeXrpcErrorAsync(HttpStatusCode.ServiceUnavailable, "NotEnoughResources");
}
