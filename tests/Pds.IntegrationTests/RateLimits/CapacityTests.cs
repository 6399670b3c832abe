using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Pds.Application.Accounts;
using Pds.Application.Repositories;
using Pds.Application.Sync;
using Pds.Cryptography;
using Pds.Infrastructure.Crypto;
using Pds.IntegrationTests.Blobs;
using Pds.IntegrationTests.Sync;

namespace Pds.IntegrationTests.RateLimits;

/// <summary>Beyond what the settings allow at a time the answer is 503 at once, and whatever else the server does goes on.</summary>
internal sealed class CapacityTests
{
    private const string DescribeServer = "com.atproto.server.describeServer";

    [Test]
    public async Task Request_BeyondTheLimit_IsRefusedUntilAnotherIsAnswered()
    {
        await using PdsApplication pds = await StartAsync(("PDS_MAX_CONCURRENT_REQUESTS", "1"));
        using var refusals = new Refusals(pds);
        await using var held = await HeldUpload.BeginAsync(pds, "com.atproto.server.createSession");

        HttpResponseMessage refused = await pds.Http.GetXrpcAsync(DescribeServer);
        HttpResponseMessage health = await pds.Http.GetXrpcAsync("_health");
        await using FirehoseClient subscriber = await FirehoseClient.OpenAsync(pds.Origin, "");
        HttpResponseMessage answered = await held.FinishAsync();

        await ShouldBeRefusedAsync(refused);
        Assert.That(health.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(answered.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(refusals.Of("requests"), Is.EqualTo(1));
        await ShouldBeServedAgainAsync(() => pds.Http.GetXrpcAsync(DescribeServer));
    }

    [Test]
    public async Task Upload_BeyondTheLimit_IsRefusedWhileReadsAndWritesGoOn()
    {
        await using PdsApplication pds = await StartAsync(("PDS_MAX_CONCURRENT_UPLOADS", "1"));
        using var refusals = new Refusals(pds);
        using AccountClient alice = await pds.CreateAccountAsync();
        await using var held = await HeldUpload.BeginAsync(pds, "com.atproto.repo.uploadBlob", alice);

        HttpResponseMessage refused = await alice.TryUploadAsync([1, 2, 3]);
        await alice.CreateRecordAsync();
        HttpResponseMessage answered = await held.FinishAsync();

        await ShouldBeRefusedAsync(refused);
        Assert.That(answered.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(refusals.Of("uploads"), Is.EqualTo(1));
        await ShouldBeServedAgainAsync(() => alice.TryUploadAsync([1, 2, 3]));
    }

    [Test]
    public async Task Export_BeyondTheLimit_IsRefusedWhileReadsAndWritesGoOn()
    {
        var hold = new Hold<GetRepoQuery, CarExport>();
        await using PdsApplication pds = await StartAsync(hold.Register, ("PDS_MAX_CONCURRENT_EXPORTS", "1"));
        using var refusals = new Refusals(pds);
        using AccountClient alice = await pds.CreateAccountAsync();
        Task<HttpResponseMessage> held = alice.GetAsync("com.atproto.sync.getRepo", ("did", alice.Did));
        await hold.Entered;

        HttpResponseMessage refused = await pds.Http.GetXrpcAsync("com.atproto.sync.getRepo", ("did", alice.Did));
        await alice.CreateRecordAsync();
        hold.Release();

        await ShouldBeRefusedAsync(refused);
        Assert.That((await held).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(refusals.Of("exports"), Is.EqualTo(1));
        await ShouldBeServedAgainAsync(() => alice.GetAsync("com.atproto.sync.getRepo", ("did", alice.Did)));
    }

    [Test]
    public async Task Write_BeyondTheLimit_IsRefusedWhileReadsAndTheFirehoseGoOn()
    {
        var hold = new Hold<CreateRecordCommand, CreateRecordOutput>();
        await using PdsApplication pds = await StartAsync(hold.Register, ("PDS_MAX_CONCURRENT_WRITES", "1"), ("PDS_MAX_WAITING_WRITES", "0"));
        using var refusals = new Refusals(pds);
        using AccountClient alice = await pds.CreateAccountAsync();
        using AccountClient bob = await pds.CreateAccountAsync();
        Task<HttpResponseMessage> held = alice.TryCreateNoteAsync();
        await hold.Entered;

        HttpResponseMessage refused = await bob.TryCreateNoteAsync();
        await bob.HeadAsync();
        await using FirehoseClient subscriber = await FirehoseClient.OpenAsync(pds.Origin, "?cursor=0");
        await subscriber.WaitForCommitsAsync(bob.Did.ToString(), 1);
        hold.Release();

        await ShouldBeRefusedAsync(refused);
        Assert.That((await held).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(refusals.Of("writes"), Is.EqualTo(1));
        await ShouldBeServedAgainAsync(() => bob.TryCreateNoteAsync());
        Assert.That(await subscriber.WaitForCommitsAsync(bob.Did.ToString(), 2), Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Write_WhenOthersAreUnderWay_WaitsForThem()
    {
        var hold = new Hold<CreateRecordCommand, CreateRecordOutput>();
        await using PdsApplication pds = await StartAsync(hold.Register, ("PDS_MAX_CONCURRENT_WRITES", "1"), ("PDS_MAX_WAITING_WRITES", "1"));
        using var refusals = new Refusals(pds);
        using AccountClient alice = await pds.CreateAccountAsync();
        Task<HttpResponseMessage> held = alice.TryCreateNoteAsync();
        await hold.Entered;
        Task<HttpResponseMessage> second = alice.TryCreateNoteAsync();
        Task<HttpResponseMessage> third = alice.TryCreateNoteAsync();

        HttpResponseMessage refused = await await Task.WhenAny(second, third);
        hold.Release();

        await ShouldBeRefusedAsync(refused);
        Assert.That((await held).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await Task.WhenAll(second, third)).Select(answer => answer.StatusCode), Has.One.EqualTo(HttpStatusCode.OK));
        Assert.That(refusals.Of("writes"), Is.EqualTo(1));
    }

    [Test]
    public async Task Write_ThatIsSentSlowly_TakesNoRoom()
    {
        await using PdsApplication pds = await StartAsync(("PDS_MAX_CONCURRENT_WRITES", "1"), ("PDS_MAX_WAITING_WRITES", "0"));
        using AccountClient alice = await pds.CreateAccountAsync();
        await using var slow = await HeldUpload.BeginAsync(pds, "com.atproto.repo.createRecord", alice);

        HttpResponseMessage written = await alice.TryCreateNoteAsync();
        HttpResponseMessage answered = await slow.FinishAsync();

        Assert.That(written.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(answered.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
    }

    [Test]
    public async Task Write_ThatIsLarge_TakesTheRoomOfMany()
    {
        var hold = new Hold<CreateRecordCommand, CreateRecordOutput>();
        await using PdsApplication pds = await StartAsync(
            hold.Register, ("PDS_MAX_CONCURRENT_WRITES", "3"), ("PDS_MAX_WAITING_WRITES", "0"), ("PDS_MAX_SHARE_PERCENT", "100"));
        using AccountClient alice = await pds.CreateAccountAsync();
        Task<HttpResponseMessage> held = alice.TryCreateNoteAsync();
        await hold.Entered;
        JsonObject large = new()
        {
            ["repo"] = alice.Did.ToString(),
            ["collection"] = "com.example.note",
            ["rkey"] = "large",
            ["record"] = new JsonObject { ["$type"] = "com.example.note", ["text"] = new string('x', 40_000) },
        };

        HttpResponseMessage refused = await alice.PostAsync("com.atproto.repo.putRecord", large);
        HttpResponseMessage small = await alice.PutNoteAsync("small");
        hold.Release();

        await ShouldBeRefusedAsync(refused);
        Assert.That(small.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await held).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        await ShouldBeServedAgainAsync(() => alice.PostAsync("com.atproto.repo.putRecord", large));
    }

    [Test]
    public async Task Writes_FarBeyondTheLimit_AreEitherRefusedOrInTheFirehose()
    {
        const int writers = 48;
        await using PdsApplication pds = await StartAsync(("PDS_MAX_CONCURRENT_WRITES", "2"), ("PDS_MAX_WAITING_WRITES", "2"));
        using AccountClient alice = await pds.CreateAccountAsync();

        HttpResponseMessage[] answers = [.. (await Task.WhenAll(Enumerable.Range(0, writers).Select(async _ =>
        {
            var mine = new List<HttpResponseMessage>();
            for (int i = 0; i < 10; i++)
            {
                mine.Add(await alice.TryCreateNoteAsync());
            }

            return mine;
        }))).SelectMany(mine => mine)];

        HttpResponseMessage[] kept = [.. answers.Where(answer => answer.StatusCode == HttpStatusCode.OK)];
        Assert.That(answers.Except(kept).Select(answer => answer.StatusCode), Is.All.EqualTo(HttpStatusCode.ServiceUnavailable));
        await using FirehoseClient subscriber = await FirehoseClient.OpenAsync(pds.Origin, "?cursor=0");
        IReadOnlyList<FirehoseFrame> commits = await subscriber.WaitForCommitsAsync(alice.Did.ToString(), 1 + kept.Length);
        string[] acknowledged = await Task.WhenAll(kept.Select(async answer => (await answer.ShouldBeJsonAsync())["commit"]!["rev"]!.GetValue<string>()));
        Assert.That(commits.Skip(1).Select(commit => (string)commit.Body["rev"]!), Is.EqualTo(acknowledged.Order(StringComparer.Ordinal)));
    }

    [Test]
    public async Task SignIn_WhenNoMorePasswordsMayWait_IsRefused()
    {
        using System.Threading.RateLimiting.ConcurrencyLimiter turns = ScryptPasswordHasher.Turns(concurrency: 1, waiting: 0);
        await using PdsApplication pds = await StartAsync(services =>
            services.Replace(ServiceDescriptor.Singleton<IPasswordHasher>(_ => new ScryptPasswordHasher(Scrypt.Open(), turns))));
        using AccountClient alice = await pds.CreateAccountAsync();
        JsonObject login = new() { ["identifier"] = alice.Handle.ToString(), ["password"] = PdsApplication.Password };

        using (turns.AttemptAcquire())
        {
            await ShouldBeRefusedAsync(await pds.Http.PostXrpcAsync("com.atproto.server.createSession", login.DeepClone()));
        }

        await (await pds.Http.PostXrpcAsync("com.atproto.server.createSession", login)).ShouldBeJsonAsync();
    }

    [Test]
    public async Task Health_WhenTheServerIsToldToStop_IsUnavailable()
    {
        await using PdsApplication pds = await StartAsync();
        HttpResponseMessage before = await pds.Http.GetXrpcAsync("_health");

        pds.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        HttpResponseMessage after = await pds.Http.GetXrpcAsync("_health");
        HttpResponseMessage other = await pds.Http.GetXrpcAsync(DescribeServer);

        Assert.That(before.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(after.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(other.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    private static Task<PdsApplication> StartAsync(params (string Name, string Value)[] variables) => StartAsync(_ => { }, variables);

    private static Task<PdsApplication> StartAsync(Action<IServiceCollection> services, params (string Name, string Value)[] variables) =>
        PdsApplication.StartAsync(variables.ToDictionary(variable => variable.Name, variable => (string?)variable.Value, StringComparer.Ordinal), services);

    private static async Task ShouldBeRefusedAsync(HttpResponseMessage response)
    {
        await response.ShouldBeXrpcErrorAsync(HttpStatusCode.ServiceUnavailable, "NotEnoughResources");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(response.Headers.RetryAfter?.Delta?.TotalSeconds.ToString(CultureInfo.InvariantCulture), Is.EqualTo("2"));
            Assert.That(response.Headers.GetValues("Access-Control-Expose-Headers"), Has.Some.Contains("Retry-After"));
            Assert.That(response.Headers.GetValues("Access-Control-Allow-Origin"), Is.EqualTo(new[] { "*" }));
        }
    }

    /// <summary>A client has its answer before the server has closed the request, so the place may be taken a moment longer.</summary>
    private static async Task ShouldBeServedAgainAsync(Func<Task<HttpResponseMessage>> request)
    {
        HttpResponseMessage response = await request();
        while (response.StatusCode == HttpStatusCode.ServiceUnavailable)
        {
            response = await request();
        }

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }
}
