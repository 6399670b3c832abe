using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Pds.Application.Accounts;
using Pds.Application.DependencyInjection;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;

namespace Pds.IntegrationTests.Accounts;

/// <summary>Locks against guessing (pitfall M 212): of accounts that exist and of those that do not, and of the operator.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class GuessingTests
{
    private const string Invites = "com.atproto.admin.getInviteCodes";

    private readonly Hasher _hasher = new();
    private readonly Recorder _log = new();

    [Test]
    public async Task SignIn_UnderLoad_AnswersTheSameForNamesThatExistAndThatDoNot([Values(PdsApplication.Password, "abcd-efgh-ijkl-mnop")] string password)
    {
        await using PdsApplication pds = await StartAsync();
        using AccountClient alice = await pds.CreateAccountAsync();
        _hasher.IsBusy = true;

        HttpResponseMessage known = await pds.Http.SignInAsync(alice.Handle.ToString(), password);
        HttpResponseMessage unknown = await pds.Http.SignInAsync("nobody.test", password);

        Assert.That(unknown.StatusCode, Is.EqualTo(known.StatusCode).And.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(await unknown.Content.ReadAsStringAsync(), Is.EqualTo(await known.Content.ReadAsStringAsync()));
    }

    [Test]
    public async Task SignIn_ForANameThatDoesNotExist_TakesTheSameWork([Values("wrong password", "abcd-efgh-ijkl-mnop")] string password)
    {
        await using PdsApplication pds = await StartAsync();
        using AccountClient alice = await pds.CreateAccountAsync();
        await pds.TakeDownAsync((await pds.CreateAccountAsync("gone")).Did);

        int known = await CountHashesAsync(pds, alice.Handle.ToString(), password);
        int takenDown = await CountHashesAsync(pds, "gone.test", password);
        int unknown = await CountHashesAsync(pds, "nobody.test", password);

        Assert.That((takenDown, unknown), Is.EqualTo((known, known)));
    }

    [Test]
    public async Task SignIn_WhenTheLockFallsWhileTheRightPasswordIsJudged_IsRefused()
    {
        await using PdsApplication pds = await StartAsync();
        using AccountClient alice = await pds.CreateAccountAsync();
        HttpResponseMessage? last = null;
        _hasher.Meanwhile = async () =>
        {
            do
            {
                last = await pds.Http.SignInAsync(alice.Handle.ToString(), "wrong password");
            }
            while (last.StatusCode == HttpStatusCode.Unauthorized);
        };

        HttpResponseMessage right = await pds.Http.SignInAsync(alice.Handle.ToString());

        await last!.ShouldBeXrpcErrorAsync(HttpStatusCode.TooManyRequests, "RateLimitExceeded");
        await right.ShouldBeXrpcErrorAsync(HttpStatusCode.TooManyRequests, "RateLimitExceeded");
    }

    [Test]
    public async Task OperatorPassword_AfterTheRightOne_CountsFromTheStart()
    {
        await using PdsApplication pds = await StartAsync();
        using HttpClient home = Client(pds, "192.0.2.1");
        await GuessAsync(home, 9);
        await (await AskAsync(home, PdsApplication.AdminPassword)).ShouldBeJsonAsync();
        await GuessAsync(home, 9);

        HttpResponseMessage right = await AskAsync(home, PdsApplication.AdminPassword);

        await right.ShouldBeJsonAsync();
    }

    [Test]
    public async Task OperatorPassword_AfterTenWrongOnes_IsLockedForThatAddressOnly_AndEachIsLogged()
    {
        await using PdsApplication pds = await StartAsync();
        using HttpClient stranger = Client(pds, "198.51.100.7");
        using HttpClient home = Client(pds, "192.0.2.1");
        HttpStatusCode[] wrong = await GuessAsync(stranger, 10);

        HttpResponseMessage right = await AskAsync(stranger, PdsApplication.AdminPassword);
        HttpResponseMessage elsewhere = await AskAsync(home, PdsApplication.AdminPassword);

        Assert.That(wrong, Is.All.EqualTo(HttpStatusCode.Unauthorized));
        await right.ShouldBeXrpcErrorAsync(HttpStatusCode.TooManyRequests, "RateLimitExceeded");
        await elsewhere.ShouldBeJsonAsync();
        Assert.That(_log.Lines.Count(line => line.Contains("198.51.100.7", StringComparison.Ordinal)), Is.EqualTo(10));
        Assert.That(string.Join('\n', _log.Lines), Does.Not.Contain("wrong-guess").And.Not.Contain(PdsApplication.AdminPassword));
    }

    [Test]
    public async Task OperatorPassword_AfterAHundredWrongOnes_IsLockedForAllButThisMachineAndTheOperatorsAddresses()
    {
        await using PdsApplication pds = await StartAsync();
        using HttpClient home = Client(pds, "192.0.2.1");
        await (await AskAsync(home, PdsApplication.AdminPassword)).ShouldBeJsonAsync();
        for (int i = 0; i < 100; i++)
        {
            using HttpClient stranger = Client(pds, $"198.51.100.{i}");
            await GuessAsync(stranger, 1);
        }

        using HttpClient other = Client(pds, "203.0.113.5");

        await (await AskAsync(other, PdsApplication.AdminPassword)).ShouldBeXrpcErrorAsync(HttpStatusCode.TooManyRequests, "RateLimitExceeded");
        await (await AskAsync(home, PdsApplication.AdminPassword)).ShouldBeJsonAsync();
        await (await AskAsync(pds.Http, PdsApplication.AdminPassword)).ShouldBeJsonAsync();
    }

    private static async Task<HttpStatusCode[]> GuessAsync(HttpClient http, int times)
    {
        List<HttpStatusCode> answers = [];
        for (int i = 0; i < times; i++)
        {
            answers.Add((await AskAsync(http, $"wrong-guess {i}")).StatusCode);
        }

        return [.. answers];
    }

    private static HttpClient Client(PdsApplication pds, string address) => pds.CreateClientFrom(address);

    private static async Task<HttpResponseMessage> AskAsync(HttpClient http, string password)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, new Uri($"/xrpc/{Invites}", UriKind.Relative));
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"admin:{password}")));
        return await http.SendAsync(request);
    }

    private async Task<int> CountHashesAsync(PdsApplication pds, string identifier, string password)
    {
        int before = _hasher.Count;
        JsonNode body = await (await pds.Http.SignInAsync(identifier, password)).ShouldBeXrpcErrorAsync(HttpStatusCode.Unauthorized, "AuthenticationRequired");
        Assert.That((string?)body["message"], Is.EqualTo("Invalid identifier or password"));
        return _hasher.Count - before;
    }

    private Task<PdsApplication> StartAsync() => PdsApplication.StartAsync(services: services =>
    {
        services.Configure<PdsOptions>(options => options.SignIn.MinSignInTime = TimeSpan.Zero);
        services.AddLogging(logging => logging.AddProvider(_log));
        ServiceDescriptor inner = services.Last(service => service.ServiceType == typeof(IPasswordHasher));
        services.AddSingleton<IPasswordHasher>(provider =>
        {
            _hasher.Inner = (IPasswordHasher)(inner.ImplementationFactory?.Invoke(provider) ?? ActivatorUtilities.CreateInstance(provider, inner.ImplementationType!));
            return _hasher;
        });
    });

    /// <summary>Counts its work, and refuses it while it is busy.</summary>
    private sealed class Hasher : IPasswordHasher
    {
        public IPasswordHasher Inner { get; set; } = null!;

        public bool IsBusy { get; set; }

        public int Count { get; private set; }

        /// <summary>What happens while the next password is judged.</summary>
        public Func<Task>? Meanwhile { get; set; }

        public ValueTask<string> HashAsync(string password, CancellationToken cancellationToken) => Work(() => Inner.HashAsync(password, cancellationToken));

        public ValueTask<bool> VerifyAsync(string password, string hash, CancellationToken cancellationToken) => Work(() => VerifyLateAsync(password, hash, cancellationToken));

        public ValueTask<string> HashAppPasswordAsync(Did did, string password, CancellationToken cancellationToken) =>
            Work(() => Inner.HashAppPasswordAsync(did, password, cancellationToken));

        private async ValueTask<bool> VerifyLateAsync(string password, string hash, CancellationToken cancellationToken)
        {
            Func<Task>? meanwhile = Meanwhile;
            Meanwhile = null;
            await (meanwhile?.Invoke() ?? Task.CompletedTask);
            return await Inner.VerifyAsync(password, hash, cancellationToken);
        }

        private ValueTask<T> Work<T>(Func<ValueTask<T>> work)
        {
            Count++;
            return IsBusy ? throw new XrpcException(RequestErrors.NotEnoughResources, "Too many people are signing in. Try again in a moment.") : work();
        }
    }

    private sealed class Recorder : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
