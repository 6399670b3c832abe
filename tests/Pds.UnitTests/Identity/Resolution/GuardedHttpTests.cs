using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Pds.Application.Settings;
using Pds.Infrastructure.Http;
using Pds.UnitTests.Fakes;

namespace Pds.UnitTests.Identity.Resolution;

internal sealed class GuardedHttpTests
{
    private static readonly FetchLimits Limits = new(MaxBytes: 1000, Timeout: TimeSpan.FromSeconds(10));
    private static readonly ServerSettings Unguarded = new() { DisableSsrfProtection = true };

    [TestCase("127.0.0.1")]
    [TestCase("::1")]
    [TestCase("10.0.0.1")]
    [TestCase("169.254.169.254")]
    [TestCase("::ffff:127.0.0.1")]
    public async Task Get_WhenNameLeadsInside_ConnectsNowhere(string address)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var http = new GuardedHttp(new ServerSettings(), (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse(address)]), TimeProvider.System);

        FetchException? refusal = Assert.ThrowsAsync<FetchException>(() => GetAsync(http, $"https://inside.example.com/"));

        Assert.That(refusal!.Message, Does.Contain("not public"));
        Assert.That(listener.Pending(), Is.False);
        await Task.CompletedTask;
    }

    [Test]
    public void Get_WhenOnlyOneOfTheAddressesIsInside_IsRefused()
    {
        using var http = new GuardedHttp(new ServerSettings(), (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("93.184.215.14"), IPAddress.Loopback]), TimeProvider.System);

        Assert.That(() => GetAsync(http, "https://both.example.com/"), Throws.TypeOf<FetchException>().With.Message.Contains("not public"));
    }

    [TestCase("https://127.0.0.1/")]
    [TestCase("https://[::1]/")]
    [TestCase("https://[::ffff:7f00:1]/")]
    [TestCase("https://0x7f000001/")]
    [TestCase("https://2130706433/")]
    public void Get_WhenHostIsAnInsideAddress_IsRefused(string uri)
    {
        using var http = new GuardedHttp(new ServerSettings(), System.Net.Dns.GetHostAddressesAsync, TimeProvider.System);

        Assert.That(() => GetAsync(http, uri), Throws.TypeOf<FetchException>().With.Message.Contains("not public"));
    }

    [Test]
    public void Get_InDevelopmentModeWithTheGuardOn_IsGuarded()
    {
        using var http = new GuardedHttp(new ServerSettings { DevMode = true, DisableSsrfProtection = false }, System.Net.Dns.GetHostAddressesAsync, TimeProvider.System);

        Assert.That(() => GetAsync(http, "https://127.0.0.1/"), Throws.TypeOf<FetchException>().With.Message.Contains("not public"));
        Assert.That(() => GetAsync(http, "http://example.com/"), Throws.TypeOf<FetchException>());
    }

    [TestCase("http://example.com/")]
    [TestCase("https://example.com:8443/")]
    [TestCase("https://user@example.com/")]
    [TestCase("ftp://example.com/")]
    [TestCase("file:///etc/passwd")]
    public void Get_WhenAddressIsNotPlainHttps_IsRefusedWithoutLookup(string uri)
    {
        using var http = new GuardedHttp(new ServerSettings(), (_, _) => throw new InvalidOperationException("looked up"), TimeProvider.System);

        Assert.That(() => GetAsync(http, uri), Throws.TypeOf<FetchException>());
    }

    [Test]
    public async Task Get_WhenGuardIsOff_ReadsFromThisMachine()
    {
        await using LocalServer server = await LocalServer.StartAsync(context => context.Response.WriteAsync("hello"));
        using GuardedHttp http = Create();

        FetchResponse response = await http.GetAsync(server.At("/x"), accept: null, Limits, CancellationToken.None);

        Assert.That(response.Body, Is.EqualTo("hello"u8.ToArray()));
    }

    [Test]
    public async Task Get_WhenTlsFails_SaysSoWithoutTheAddress()
    {
        await using LocalServer server = await LocalServer.StartAsync(context => context.Response.WriteAsync("hello"));
        using GuardedHttp http = Create();
        Uri secure = new UriBuilder(server.Url) { Scheme = "https" }.Uri;

        Assert.That(
            () => http.GetAsync(secure, accept: null, Limits, CancellationToken.None),
            Throws.TypeOf<FetchException>().With.Message.Contains("TLS").And.Message.Not.Contains("127.0.0.1"));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Get_WhenBodyIsOneByteTooLong_Fails(bool announced)
    {
        await using LocalServer server = await LocalServer.StartAsync(context =>
        {
            context.Response.ContentLength = announced ? 1001 : null;
            return context.Response.Body.WriteAsync(new byte[1001]).AsTask();
        });
        using GuardedHttp http = Create();

        Assert.That(() => http.GetAsync(server.Url, accept: null, Limits, CancellationToken.None), Throws.TypeOf<FetchException>().With.Message.Contains("1000"));
    }

    [Test]
    public async Task Get_WhenHostIsTooSlow_Fails()
    {
        var time = new ManualTime();
        var asked = new TaskCompletionSource();
        await using LocalServer server = await LocalServer.StartAsync(async context =>
        {
            asked.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        });
        using var http = new GuardedHttp(Unguarded, System.Net.Dns.GetHostAddressesAsync, time);

        Task<FetchResponse> fetch = http.GetAsync(server.Url, accept: null, Limits, CancellationToken.None);
        await asked.Task;
        time.Advance(Limits.Timeout);

        Assert.That(async () => await fetch, Throws.TypeOf<FetchException>().With.Message.Contains("too long"));
    }

    [Test]
    public async Task Get_WhenHostRedirects_DoesNotFollow()
    {
        await using LocalServer server = await LocalServer.StartAsync(context =>
        {
            context.Response.Redirect("/elsewhere");
            return Task.CompletedTask;
        });
        using GuardedHttp http = Create();

        FetchResponse response = await http.GetAsync(server.Url, accept: null, Limits, CancellationToken.None);

        Assert.That(response.Status, Is.EqualTo(HttpStatusCode.Redirect));
        Assert.That(server.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task GetFollowing_WhenFiveRedirects_ArrivesThere()
    {
        await using LocalServer server = await LocalServer.StartAsync(Countdown);
        using GuardedHttp http = Create();

        FetchResponse response = await http.GetFollowingAsync(server.At("/5"), accept: null, Limits, CancellationToken.None);

        Assert.That(response.Body, Is.EqualTo("there"u8.ToArray()));
    }

    [Test]
    public async Task GetFollowing_WhenSixRedirects_Fails()
    {
        await using LocalServer server = await LocalServer.StartAsync(Countdown);
        using GuardedHttp http = Create();

        Assert.That(() => http.GetFollowingAsync(server.At("/6"), accept: null, Limits, CancellationToken.None), Throws.TypeOf<FetchException>());
    }

    [TestCase("http://example.com/")]
    [TestCase("https://example.com:444/")]
    [TestCase("file:///etc/passwd")]
    public void GetFollowing_WhenRedirectLeavesHttps_Fails(string target)
    {
        using var transport = new ScriptedTransport(_ => new(HttpStatusCode.Redirect) { Headers = { Location = new Uri(target) } });
        using var http = GuardedHttp.Over(transport, new ServerSettings(), TimeProvider.System);

        Assert.That(() => http.GetFollowingAsync(new("https://example.com/"), accept: null, Limits, CancellationToken.None), Throws.TypeOf<FetchException>());
        Assert.That(transport.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public void Get_WhenCallerGivesUp_IsCanceled()
    {
        using GuardedHttp http = Create();

        Assert.That(() => http.GetAsync(new("http://127.0.0.1:1/"), accept: null, Limits, new CancellationToken(canceled: true)), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void Get_WhenNobodyListens_Fails()
    {
        using GuardedHttp http = Create();

        Assert.That(() => http.GetAsync(new("http://127.0.0.1:1/"), accept: null, Limits, CancellationToken.None), Throws.TypeOf<FetchException>());
    }

    private static GuardedHttp Create() => new(Unguarded, System.Net.Dns.GetHostAddressesAsync, TimeProvider.System);

    private static Task<FetchResponse> GetAsync(GuardedHttp http, string uri) => http.GetAsync(new(uri), accept: null, Limits, CancellationToken.None);

    private static Task Countdown(HttpContext context)
    {
        int left = int.Parse(context.Request.Path.Value![1..]);
        if (left == 0)
        {
            return context.Response.WriteAsync("there");
        }

        context.Response.Redirect($"/{left - 1}");
        return Task.CompletedTask;
    }
}
