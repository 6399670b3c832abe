using System.Net;
using Pds.Application.Proxying;
using Pds.Application.Settings;
using Pds.Domain.Errors;
using Pds.Infrastructure.Http;
using Pds.Infrastructure.Proxying;
using Pds.UnitTests.Fakes;

namespace Pds.UnitTests.Proxying;

internal sealed class ServiceClientTests
{
    private static readonly Uri Address = new("https://service.example.com/xrpc/com.example.query");

    private readonly ManualTime _time = new();

    [TestCase("http://service.example.com/xrpc/a")]
    [TestCase("https://user@service.example.com/xrpc/a")]
    [TestCase("https://127.0.0.1/xrpc/a")]
    [TestCase("https://[::1]/xrpc/a")]
    [TestCase("https://private.example.com/xrpc/a")]
    public void Send_ToAnAddressThatIsNotPublic_IsRefused(string address)
    {
        using GuardedHttp http = new(new ServerSettings(), (_, _) => Task.FromResult(new[] { IPAddress.Parse("10.0.0.1") }), _time);
        ServiceClient client = new(http, new ProxyingSettings(), new CapacitySettings(), _time);

        XrpcException? refusal = Assert.ThrowsAsync<XrpcException>(() => client.SendAsync(new ServiceCall(HttpMethod.Get, new Uri(address)), CancellationToken.None));

        Assert.That(refusal!.Error, Is.EqualTo(RequestErrors.UpstreamFailure));
    }

    [TestCase(0, "GET", 1)]
    [TestCase(2, "GET", 3)]
    [TestCase(2, "HEAD", 3)]
    [TestCase(2, "POST", 1)]
    public void Send_WhenTheConnectionBreaks_IsRepeatedForQueriesOnly(int retries, string verb, int attempts)
    {
        int seen = 0;
        ServiceClient client = Client(new ProxyingSettings { MaxRetries = retries }, new CapacitySettings(), (_, _) =>
        {
            seen++;
            throw new HttpRequestException("broken");
        });

        Assert.ThrowsAsync<XrpcException>(() => client.SendAsync(new ServiceCall(HttpMethod.Parse(verb), Address), CancellationToken.None));

        Assert.That(seen, Is.EqualTo(attempts));
    }

    // A service that drips would otherwise hold its place for as long as it likes.
    [Test]
    public async Task Body_ThatComesTooSlowly_FailsAsUpstream()
    {
        DrippingStream drip = new(_time, TimeSpan.FromSeconds(5));
        ServiceClient client = Client(new ProxyingSettings(), new CapacitySettings { MinBodyRate = 1024 }, (_, _) => Task.FromResult(new HttpResponseMessage { Content = new StreamContent(drip) }));
        await using ServiceAnswer answer = await client.SendAsync(new ServiceCall(HttpMethod.Get, Address), CancellationToken.None);
        byte[] buffer = new byte[16];

        int[] first = [await answer.Body.ReadAsync(buffer), await answer.Body.ReadAsync(buffer)];
        XrpcException? refusal = Assert.ThrowsAsync<XrpcException>(async () =>
        {
            _ = await answer.Body.ReadAsync(buffer);
            _ = await answer.Body.ReadAsync(buffer);
        });

        Assert.That(first, Is.All.EqualTo(1));
        Assert.That(refusal!.Error, Is.EqualTo(RequestErrors.UpstreamFailure));
    }

    [Test]
    public async Task Body_WithoutALeastPace_MayDrip()
    {
        DrippingStream drip = new(_time, TimeSpan.FromSeconds(5));
        ServiceClient client = Client(new ProxyingSettings(), new CapacitySettings { MinBodyRate = 0 }, (_, _) => Task.FromResult(new HttpResponseMessage { Content = new StreamContent(drip) }));
        await using ServiceAnswer answer = await client.SendAsync(new ServiceCall(HttpMethod.Get, Address), CancellationToken.None);
        byte[] buffer = new byte[16];
        int read = 0;

        for (int i = 0; i < 20; i++)
        {
            read += await answer.Body.ReadAsync(buffer);
        }

        Assert.That(read, Is.EqualTo(20));
    }

    [TestCase("d\u00e9")]
    [TestCase("a\u0001")]
    public void Send_WhenAHeaderIsNotAscii_FailsAsUpstream(string value)
    {
        ServiceClient client = Client(new ProxyingSettings(), new CapacitySettings(), (_, _) =>
        {
            HttpResponseMessage response = new() { Content = new StringContent("{}") };
            response.Headers.TryAddWithoutValidation("atproto-repo-rev", value);
            return Task.FromResult(response);
        });

        XrpcException? refusal = Assert.ThrowsAsync<XrpcException>(() => client.SendAsync(new ServiceCall(HttpMethod.Get, Address), CancellationToken.None));

        Assert.That(refusal!.Error, Is.EqualTo(RequestErrors.UpstreamFailure));
    }

    [Test]
    public void Send_WhenNoHeadersComeInTime_FailsAsUpstream()
    {
        ServiceClient client = Client(new ProxyingSettings(), new CapacitySettings(), async (_, token) =>
        {
            await Task.Delay(Timeout.Infinite, token);
            return new HttpResponseMessage();
        });

        Task<ServiceAnswer> answer = client.SendAsync(new ServiceCall(HttpMethod.Get, Address), CancellationToken.None);
        _time.Advance(TimeSpan.FromSeconds(9));
        bool early = answer.IsCompleted;
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.That(early, Is.False);
        Assert.That(Assert.ThrowsAsync<XrpcException>(() => answer)!.Error, Is.EqualTo(RequestErrors.UpstreamFailure));
    }

    [Test]
    public void Send_WhenTheClientLeaves_IsCancelled()
    {
        using CancellationTokenSource client = new();
        ServiceClient service = Client(new ProxyingSettings(), new CapacitySettings(), async (_, token) =>
        {
            await Task.Delay(Timeout.Infinite, token);
            return new HttpResponseMessage();
        });

        Task<ServiceAnswer> answer = service.SendAsync(new ServiceCall(HttpMethod.Get, Address), client.Token);
        client.Cancel();

        Assert.That(() => answer, Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void Send_WhenTheClientsBodyFails_TellsOfThatFault()
    {
        ServiceClient client = Client(new ProxyingSettings(), new CapacitySettings(), async (request, token) =>
        {
            await request.Content!.CopyToAsync(Stream.Null, token);
            return new HttpResponseMessage();
        });
        ServiceCall call = new(HttpMethod.Post, Address) { Body = new ServiceCallBody(new BrokenStream(), null, []) };

        Assert.That(async () => await client.SendAsync(call, CancellationToken.None), Throws.TypeOf<InvalidDataException>());
    }

    private ServiceClient Client(
        ProxyingSettings settings, CapacitySettings capacity, Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> answer) =>
        new(GuardedHttp.Over(new Transport(answer), new ServerSettings(), _time), settings, capacity, _time);

    private sealed class Transport(Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => answer(request, cancellationToken);
    }

    private sealed class BrokenStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => throw new InvalidDataException("broken");
    }
}
