using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Pds.Infrastructure.Accounts;
using Pds.Infrastructure.Persistence;

namespace Pds.IntegrationTests.Accounts;

internal sealed class CredentialTests : PdsTest
{
    private const string Server = "com.atproto.server.";
    private readonly Recorder _log = new();

    // Pitfall E 92.
    [Test]
    public async Task AppPassword_WhenUsed_OpensStandardMethodsOnly([Values] bool privileged)
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        JsonNode made = await (await alice.PostAsync(Server + "createAppPassword", new JsonObject { ["name"] = "app", ["privileged"] = privileged })).ShouldBeJsonAsync();
        string password = (string)made["password"]!;

        using AccountClient app = new(Pds, await (await Pds.Http.SignInAsync(alice.Handle.ToString(), password)).ShouldBeJsonAsync());

        Assert.That(password, Does.Match("^[a-z2-7]{4}(-[a-z2-7]{4}){3}$"));
        await app.CreateRecordAsync();
        await (await app.PostAsync(Server + "createAppPassword", new JsonObject { ["name"] = "b" })).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidToken");
        await (await app.PostAsync(Server + "deactivateAccount", new JsonObject())).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidToken");
        HttpResponseMessage chat = await app.GetAsync(Server + "getServiceAuth", ("aud", "did:web:chat.example"), ("lxm", "chat.bsky.convo.getLog"));
        Assert.That(chat.StatusCode, Is.EqualTo(privileged ? HttpStatusCode.OK : HttpStatusCode.BadRequest));
        JsonNode refreshed = await (await Pds.Http.SendAsync(HttpMethod.Post, Server + "refreshSession", app.RefreshJwt)).ShouldBeJsonAsync();
        await (await Pds.Http.SendAsync(HttpMethod.Post, Server + "deactivateAccount", (string)refreshed["accessJwt"]!, new JsonObject()))
            .ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidToken");
    }

    [Test]
    public async Task AppPassword_WhenTheNameIsTaken_Refuses()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        await alice.PostAsync(Server + "createAppPassword", new JsonObject { ["name"] = "twice" });

        HttpResponseMessage response = await alice.PostAsync(Server + "createAppPassword", new JsonObject { ["name"] = "twice" });

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
    }

    [TestCase("")]
    [TestCase("this name has more than sixty-four characters, and so it is refused")]
    public async Task AppPassword_WhenTheNameWillNotDo_Refuses(string name)
    {
        using AccountClient alice = await Pds.CreateAccountAsync();

        HttpResponseMessage response = await alice.PostAsync(Server + "createAppPassword", new JsonObject { ["name"] = name });

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "InvalidRequest");
    }

    [Test]
    public async Task AppPassword_WhenRevoked_EndsItsSessionsAndNoOthers()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        JsonNode made = await (await alice.PostAsync(Server + "createAppPassword", new JsonObject { ["name"] = "gone" })).ShouldBeJsonAsync();
        using AccountClient app = new(Pds, await (await Pds.Http.SignInAsync(alice.Handle.ToString(), (string)made["password"]!)).ShouldBeJsonAsync());

        HttpResponseMessage revoked = await alice.PostAsync(Server + "revokeAppPassword", new JsonObject { ["name"] = "gone" });

        Assert.That(revoked.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        await (await Pds.Http.SendAsync(HttpMethod.Post, Server + "refreshSession", app.RefreshJwt)).ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, "ExpiredToken");
        await (await Pds.Http.SendAsync(HttpMethod.Post, Server + "refreshSession", alice.RefreshJwt)).ShouldBeJsonAsync();
        JsonNode left = await (await alice.GetAsync(Server + "listAppPasswords")).ShouldBeJsonAsync();
        Assert.That(left["passwords"]!.AsArray(), Is.Empty);
    }

    [TestCase("not a did", null, null, "InvalidRequest")]
    [TestCase("did:web:x.example#", null, null, "InvalidRequest")]
    [TestCase("did:web:x.example", -10, null, "BadExpiration")]
    [TestCase("did:web:x.example", 3700, "com.example.method", "BadExpiration")]
    [TestCase("did:web:x.example", 120, null, "BadExpiration")]
    [TestCase("did:web:x.example", null, "com.atproto.server.getSession", "InvalidRequest")]
    [TestCase("did:web:x.example", null, "Com.Atproto.Server.createAppPassword", "InvalidRequest")]
    public async Task GetServiceAuth_WhenItMayNotBe_Refuses(string aud, int? seconds, string? lxm, string error)
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        long? exp = seconds is null ? null : DateTimeOffset.UtcNow.ToUnixTimeSeconds() + seconds;

        HttpResponseMessage response = await alice.GetAsync(Server + "getServiceAuth", ("aud", aud), ("exp", exp), ("lxm", lxm));

        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.BadRequest, error);
    }

    [Test]
    public async Task ReserveSigningKey_WhenAskedAgainForADid_GivesTheSameKey()
    {
        JsonObject input = new() { ["did"] = "did:web:reserved.example" };

        JsonNode first = await (await Pds.Http.PostXrpcAsync(Server + "reserveSigningKey", input)).ShouldBeJsonAsync();
        JsonNode second = await (await Pds.Http.PostXrpcAsync(Server + "reserveSigningKey", input)).ShouldBeJsonAsync();

        Assert.That((string?)first["signingKey"], Does.StartWith("did:key:zQ3sh").And.EqualTo((string?)second["signingKey"]));
    }

    [Test]
    public async Task ReserveSigningKey_WhenThereAreTooManyOrTheyAreOld_ForgetsTheOldest()
    {
        ManualTime time = new();
        await using PdsApplication pds = await PdsApplication.StartAsync(
            new Dictionary<string, string?> { ["PDS_MAX_RESERVED_KEYS"] = "3", ["PDS_RESERVED_KEY_LIFETIME_MS"] = "3600000" },
            services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(time)));
        string named = await ReserveAsync(pds, "did:web:reserved.example");
        List<string> unnamed = [];
        for (int i = 0; i < 4; i++)
        {
            time.Advance(TimeSpan.FromMinutes(1));
            unnamed.Add(await ReserveAsync(pds, null));
        }

        string[] crowded = await ReservedKeysAsync(pds);
        time.Advance(TimeSpan.FromHours(1));
        string last = await ReserveAsync(pds, null);

        Assert.That(crowded, Is.EquivalentTo(new[] { named, unnamed[2], unnamed[3] }), "those without a DID make room first");
        Assert.That(await ReservedKeysAsync(pds), Is.EqualTo(new[] { last }));
    }

    [Test]
    public async Task SignIn_WhateverTheOutcome_LeavesNoSecretInTheLog()
    {
        const string secret = "marked-secret-7f3a9c";
        JsonNode made = await (await Pds.Http.PostXrpcAsync(Server + "createAccount", GivenAccounts.SignUp("secretive.test", password: secret))).ShouldBeJsonAsync();
        JsonNode session = await (await Pds.Http.SignInAsync("secretive.test", secret)).ShouldBeJsonAsync();
        await Pds.Http.SignInAsync("secretive.test", secret + "-wrong");
        await Pds.Http.SendAsync(HttpMethod.Post, Server + "refreshSession", (string)session["refreshJwt"]!);

        string log = string.Join('\n', _log.Lines);

        Assert.That(log, Is.Not.Empty);
        foreach (string marked in new[] { secret, (string)made["accessJwt"]!, (string)session["accessJwt"]!, (string)session["refreshJwt"]!, "secretive.test@example.com" })
        {
            Assert.That(log, Does.Not.Contain(marked));
        }
    }

    private static async Task<string> ReserveAsync(PdsApplication pds, string? did)
    {
        JsonObject input = did is null ? [] : new() { ["did"] = did };
        return (string)(await (await pds.Http.PostXrpcAsync(Server + "reserveSigningKey", input)).ShouldBeJsonAsync())["signingKey"]!;
    }

    private static async Task<string[]> ReservedKeysAsync(PdsApplication pds)
    {
        await using PdsDbContext context = pds.Services.GetRequiredService<IDbContextFactory<PdsDbContext>>().CreateDbContext();
        return await context.Set<ReservedKeyRow>().Select(row => row.PublicKey).ToArrayAsync();
    }

    protected override Task<PdsApplication> StartAsync() => PdsApplication.StartAsync(
        new Dictionary<string, string?> { ["LOG_LEVEL"] = "trace" },
        services => services.AddLogging(logging => logging.AddProvider(_log).AddFilter<Recorder>(null, LogLevel.Trace)));

    private sealed class Recorder : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
