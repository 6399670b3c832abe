using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Pds.Api.RateLimits;
using Pds.Api.Xrpc;

namespace Pds.IntegrationTests.RateLimits;

internal sealed class RateLimitTests : PdsTest
{
    private const string Probe = "com.atproto.identity.resolveHandle";
    private const string BypassKey = "let-me-pass";

    private readonly ManualTime _time = new();
    private int _addresses;

    protected override Task<PdsApplication> StartAsync() => PdsApplication.StartAsync(
        new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["PDS_RATE_LIMITS_ENABLED"] = "true",
            ["PDS_RATE_LIMIT_BYPASS_KEY"] = BypassKey,
            ["PDS_RATE_LIMIT_BYPASS_IPS"] = "203.0.113.7,198.51.100.0/24",
            ["LOG_ENABLED"] = "false",
        },
        services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(_time)));

    [Test]
    public async Task Answer_Always_TellsHowManyRequestsAreLeft()
    {
        string address = NewAddress();

        await SendAsync(HttpMethod.Get, "com.atproto.server.describeServer", address);
        HttpResponseMessage response = await SendAsync(HttpMethod.Get, "com.atproto.server.describeServer", address);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(HeadersOf(response), Is.EqualTo(("3000", "2998", "3000;w=300")));
            Assert.That(long.Parse(HeaderOf(response, "RateLimit-Reset")!, CultureInfo.InvariantCulture), Is.EqualTo(_time.GetUtcNow().AddMinutes(5).ToUnixTimeSeconds()).Within(30));
            Assert.That(HeaderOf(response, "Access-Control-Expose-Headers"), Does.Contain("RateLimit-Remaining"));
            Assert.That(HeaderOf(response, "Retry-After"), Is.Null);
        }
    }

    [TestCase("/xrpc/com.atproto.identity.resolveHandle", HttpStatusCode.BadRequest)]
    [TestCase("/xrpc/com.example.unknown", HttpStatusCode.BadRequest)]
    [TestCase("/xrpc/com..malformed", HttpStatusCode.BadRequest)]
    public async Task Request_Always_IsCountedBeforeAnythingElse(string path, HttpStatusCode status)
    {
        HttpResponseMessage response = await Pds.Http.SendAsync(Request(HttpMethod.Get, path, NewAddress()));

        Assert.That(response.StatusCode, Is.EqualTo(status));
        Assert.That(HeaderOf(response, "RateLimit-Remaining"), Is.EqualTo("2999"));
    }

    [TestCase("GET", "/oauth/authorize")]
    [TestCase("GET", "/account/sign-in")]
    [TestCase("POST", "/oauth/token")]
    [TestCase("POST", "/oauth/revoke")]
    public async Task Request_OfOAuthOrAPage_IsCounted(string verb, string path)
    {
        HttpRequestMessage request = Request(new HttpMethod(verb), path, NewAddress());
        request.Content = verb == "POST" ? new FormUrlEncodedContent([]) : null;

        HttpResponseMessage response = await Pds.Http.SendAsync(request);

        Assert.That(HeaderOf(response, "RateLimit-Remaining"), Is.EqualTo("2999"));
    }

    [Test]
    public async Task Push_BeyondFiveHundred_IsRefused()
    {
        string address = NewAddress();
        HttpResponseMessage response = null!;
        for (int push = 0; push <= 500; push++)
        {
            HttpRequestMessage request = Request(HttpMethod.Post, "/oauth/par", address);
            request.Content = new FormUrlEncodedContent([]);
            response = await Pds.Http.SendAsync(request);
        }

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.TooManyRequests));
        Assert.That((await response.Content.ReadAsStringAsync()), Does.Contain("error_description"));
        Assert.That(HeaderOf(response, "Retry-After"), Is.Not.Null);
    }

    [TestCase("/xrpc/_health")]
    [TestCase("/")]
    public async Task Request_ThatIsNotXrpc_IsNotCounted(string path) =>
        Assert.That(HeaderOf(await Pds.Http.SendAsync(Request(HttpMethod.Get, path, NewAddress())), "RateLimit-Limit"), Is.Null);

    [Test]
    public async Task Request_BeyondTheLimit_IsRefusedUntilTheWindowEnds()
    {
        string address = NewAddress();
        const string method = "com.atproto.server.deleteAccount";
        JsonObject deletion = new() { ["did"] = "did:web:nobody.example.com", ["password"] = "x", ["token"] = "x" };
        for (int i = 0; i < 50; i++)
        {
            Assert.That((await PostAsync(method, deletion, address)).StatusCode, Is.Not.EqualTo(HttpStatusCode.TooManyRequests));
        }

        HttpResponseMessage refused = await PostAsync(method, deletion, address);
        HttpResponseMessage other = await PostAsync(method, deletion, NewAddress());
        _time.Advance(TimeSpan.FromMinutes(5));
        HttpResponseMessage later = await PostAsync(method, deletion, address);

        JsonNode body = await refused.ShouldBeXrpcErrorAsync(HttpStatusCode.TooManyRequests, "RateLimitExceeded");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(body["message"]!.GetValue<string>(), Is.EqualTo("Rate Limit Exceeded"));
            Assert.That(HeadersOf(refused), Is.EqualTo(("50", "0", "50;w=300")));
            Assert.That(int.Parse(HeaderOf(refused, "Retry-After")!, CultureInfo.InvariantCulture), Is.InRange(240, 300));
            Assert.That(HeaderOf(refused, "Access-Control-Expose-Headers"), Does.Contain("Retry-After"));
            Assert.That(other.StatusCode, Is.Not.EqualTo(HttpStatusCode.TooManyRequests));
            Assert.That(later.StatusCode, Is.Not.EqualTo(HttpStatusCode.TooManyRequests));
        }
    }

    // Pitfall D 84.
    [Test]
    public async Task SignIn_Always_IsCountedByNameAndAddressBeforeThePassword()
    {
        string address = NewAddress();
        JsonObject login = new() { ["identifier"] = "Nobody.test", ["password"] = "wrong" };
        HttpResponseMessage wrong = await PostAsync("com.atproto.server.createSession", login, address);

        HttpResponseMessage sameInLowerCase = await PostAsync("com.atproto.server.createSession", new JsonObject { ["identifier"] = "nobody.test", ["password"] = "x" }, address);
        HttpResponseMessage otherName = await PostAsync("com.atproto.server.createSession", new JsonObject { ["identifier"] = "other.test", ["password"] = "x" }, address);
        HttpResponseMessage otherAddress = await PostAsync("com.atproto.server.createSession", login, NewAddress());

        Assert.That(HeadersOf(wrong), Is.EqualTo(("30", "29", "30;w=300")));
        Assert.That(new[] { sameInLowerCase, otherName, otherAddress }.Select(answer => HeaderOf(answer, "RateLimit-Remaining")), Is.EqualTo(new[] { "28", "29", "29" }));
    }

    [Test]
    public async Task Writes_Always_CostWhatTheyDo()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        JsonObject record = new() { ["$type"] = "com.example.note", ["text"] = "x" };
        JsonObject write(string kind) => new() { ["$type"] = $"com.atproto.repo.applyWrites#{kind}", ["collection"] = "com.example.note", ["rkey"] = $"k{kind}", ["value"] = kind == "delete" ? null : record.DeepClone() };
        JsonObject input(params (string Name, JsonNode? Value)[] members)
        {
            JsonObject made = new() { ["repo"] = alice.Did.ToString(), ["collection"] = "com.example.note" };
            foreach ((string name, JsonNode? value) in members)
            {
                made[name] = value;
            }

            return made;
        }

        await alice.PostAsync("com.atproto.repo.createRecord", input(("rkey", "kupdate"), ("record", record.DeepClone()))); // 3
        await alice.PostAsync("com.atproto.repo.putRecord", input(("rkey", "kdelete"), ("record", record.DeepClone())));            // 2
        await alice.PostAsync("com.atproto.repo.deleteRecord", input(("rkey", "missing")));                                         // 1
        HttpResponseMessage unparsed = await alice.PostAsync("com.atproto.repo.createRecord", new JsonObject { ["repo"] = "?" });   // nothing
        HttpResponseMessage batch = await alice.PostAsync("com.atproto.repo.applyWrites", new JsonObject
        {
            ["repo"] = alice.Did.ToString(),
            ["writes"] = new JsonArray(write("create"), write("update"), write("delete")), // 6
        });

        Assert.That(batch.StatusCode, Is.EqualTo(HttpStatusCode.OK), await batch.Content.ReadAsStringAsync());
        Assert.That(HeaderOf(unparsed, "RateLimit-Limit"), Is.EqualTo("3000"));
        for (int i = 0; i < 8; i++)
        {
            batch = await alice.PostAsync("com.atproto.repo.applyWrites", new JsonObject { ["repo"] = alice.Did.ToString(), ["writes"] = Creations(200) });     // 600 each
        }

        Assert.That(HeadersOf(batch), Is.EqualTo(("5000", "188", "5000;w=3600")));

        JsonArray Creations(int count) => [.. Enumerable.Range(0, count).Select(_ => new JsonObject
        {
            ["$type"] = "com.atproto.repo.applyWrites#create", ["collection"] = "com.example.note", ["value"] = record.DeepClone(),
        })];
    }

    [Test]
    public async Task Export_Always_HasABucketOfItsOwn()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();

        HttpResponseMessage response = await Pds.Http.SendAsync(Request(HttpMethod.Get, $"/xrpc/com.atproto.sync.getRepo?did={alice.Did}", NewAddress()));

        Assert.That(HeadersOf(response), Is.EqualTo(("6000", "5999", "6000;w=300")));
    }

    [TestCase("203.0.113.7", null, false)]
    [TestCase("203.0.113.8", null, true)]
    [TestCase("198.51.100.200", null, false)]
    [TestCase("203.0.113.9", BypassKey, false)]
    [TestCase("203.0.113.9", "wrong", true)]
    public async Task Request_WithABypass_IsNotCounted(string address, string? key, bool isCounted)
    {
        HttpRequestMessage request = Request(HttpMethod.Get, "/xrpc/com.atproto.server.describeServer", $"{address}, 10.0.0.1");
        if (key is not null)
        {
            request.Headers.Add("x-ratelimit-bypass", key);
        }

        HttpResponseMessage response = await Pds.Http.SendAsync(request);

        // The second group of bypassing networks are trusted proxies, too: what stands before them is the client.
        Assert.That(HeaderOf(response, "RateLimit-Limit") is not null, Is.EqualTo(isCounted));
    }

    // Pitfall D 85.
    [TestCase("192.0.2.50", "192.0.2.50", true)]
    [TestCase("192.0.2.51", "10.9.8.7, 192.0.2.51", true)]
    [TestCase("192.0.2.52", "192.0.2.52, 10.9.8.7, 172.16.0.9", true)]
    [TestCase("192.0.2.53", "192.0.2.53, 192.0.2.99", false)]
    public async Task Address_Always_IsTheLastThatIsNoTrustedProxy(string address, string forwarded, bool isSame)
    {
        await SendAsync(HttpMethod.Get, "com.atproto.server.describeServer", address);

        HttpResponseMessage response = await SendAsync(HttpMethod.Get, "com.atproto.server.describeServer", forwarded);

        Assert.That(HeaderOf(response, "RateLimit-Remaining"), isSame ? Is.EqualTo("2998") : Is.EqualTo("2999"));
    }

    [Test]
    public async Task Address_OfIPv6_IsItsNetwork()
    {
        await SendAsync(HttpMethod.Get, "com.atproto.server.describeServer", "2001:db8:1:2::1");

        HttpResponseMessage same = await SendAsync(HttpMethod.Get, "com.atproto.server.describeServer", "2001:db8:1:2:ffff::1");
        HttpResponseMessage other = await SendAsync(HttpMethod.Get, "com.atproto.server.describeServer", "2001:db8:1:3::1");

        Assert.That((HeaderOf(same, "RateLimit-Remaining"), HeaderOf(other, "RateLimit-Remaining")), Is.EqualTo(("2998", "2999")));
    }

    [Test]
    public async Task Limits_ByDefault_AreOff()
    {
        await using PdsApplication pds = await PdsApplication.StartAsync();

        HttpResponseMessage response = await pds.Http.GetXrpcAsync("com.atproto.server.describeServer");

        Assert.That(HeaderOf(response, "RateLimit-Limit"), Is.Null);
    }

    [TestCase("com.atproto.server.createSession", "300/86400 30/300")]
    [TestCase("com.atproto.server.createAccount", "100/300")]
    [TestCase("com.atproto.server.deleteAccount", "50/300")]
    [TestCase("com.atproto.server.resetPassword", "50/300")]
    [TestCase("com.atproto.server.requestPasswordReset", "50/86400 15/3600")]
    [TestCase("com.atproto.server.requestAccountDelete", "15/86400 5/3600")]
    [TestCase("com.atproto.server.requestEmailConfirmation", "15/86400 5/3600")]
    [TestCase("com.atproto.server.requestEmailUpdate", "15/86400 5/3600")]
    [TestCase("com.atproto.identity.updateHandle", "10/300 50/86400")]
    [TestCase("com.atproto.repo.uploadBlob", "1000/86400")]
    [TestCase("com.atproto.repo.createRecord", "5000/3600 35000/86400")]
    [TestCase("com.atproto.repo.putRecord", "5000/3600 35000/86400")]
    [TestCase("com.atproto.repo.deleteRecord", "5000/3600 35000/86400")]
    [TestCase("Com.Atproto.repo.applyWrites", "5000/3600 35000/86400")]
    [TestCase("com.atproto.sync.getRepo", "6000/300")]
    [TestCase("com.atproto.repo.getRecord", "")]
    public void Rules_Always_AreTheReferences(string method, string expected) => Assert.That(
        string.Join(' ', RulesOf(method).Select(rule => string.Create(CultureInfo.InvariantCulture, $"{rule.Points}/{rule.Window.TotalSeconds}"))),
        Is.EqualTo(expected));

    /// <summary>Methods share a bucket by its name, and so do pages with methods.</summary>
    [TestCase("com.atproto.server.createSession", "com.atproto.server.createSession-0 com.atproto.server.createSession-1")]
    [TestCase("com.atproto.server.reserveSigningKey", "com.atproto.server.reserveSigningKey-0")]
    [TestCase("com.atproto.repo.createRecord", "repo-write-hour repo-write-day")]
    [TestCase("com.atproto.repo.applyWrites", "repo-write-hour repo-write-day")]
    [TestCase("com.atproto.sync.getRepo", "com.atproto.sync.getRepo")]
    public void Buckets_Always_HaveTheirNames(string method, string expected) =>
        Assert.That(string.Join(' ', RulesOf(method).Select(rule => rule.Name)), Is.EqualTo(expected));

    private IReadOnlyList<RateLimitRule> RulesOf(string method) => RateLimitRules.Of(Pds.Services.GetRequiredService<XrpcMethods>().Find(method)!);

    private static (string? Limit, string? Remaining, string? Policy) HeadersOf(HttpResponseMessage response) =>
        (HeaderOf(response, "RateLimit-Limit"), HeaderOf(response, "RateLimit-Remaining"), HeaderOf(response, "RateLimit-Policy"));

    private static string? HeaderOf(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out IEnumerable<string>? values) ? string.Join(",", values) : null;

    private static HttpRequestMessage Request(HttpMethod verb, string path, string forwardedFor)
    {
        HttpRequestMessage request = new(verb, path);
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", forwardedFor);
        return request;
    }

    private string NewAddress() => $"192.0.2.{++_addresses}";

    private Task<HttpResponseMessage> SendAsync(HttpMethod verb, string method, string address) => Pds.Http.SendAsync(Request(verb, $"/xrpc/{method}", address));

    private Task<HttpResponseMessage> PostAsync(string method, JsonObject input, string address)
    {
        HttpRequestMessage request = Request(HttpMethod.Post, $"/xrpc/{method}", address);
        request.Content = new StringContent(input.ToJsonString(), System.Text.Encoding.UTF8, "application/json");
        return Pds.Http.SendAsync(request);
    }
}
