namespace Pds.IntegrationTests.Proxying;

/// <summary>Many answers under way at once: to clients that do not read them, and from services that take their time.</summary>
internal sealed class SlowClientTests : ProxyTest
{
    private const string Method = "app.bsky.feed.searchPosts";
    private const int Clients = 500;
    private const int Size = 4_000_000;
    private const int FirstPart = 50_000;

    /// <summary>All clients are one account's.</summary>
    protected override IReadOnlyDictionary<string, string?> Variables => new Dictionary<string, string?>(StringComparer.Ordinal) { ["PDS_MAX_SHARE_PERCENT"] = "100" };

    [Test]
    public async Task Bodies_ThatNobodyReads_WaitAtTheServiceAndEndWithTheirClients()
    {
        byte[] part = new byte[10_000];
        using CountdownEvent ended = new(Clients);
        AppView.Answers[Method] = async context =>
        {
            try
            {
                for (int sent = 0; sent < Size; sent += part.Length)
                {
                    await context.Response.Body.WriteAsync(part, context.RequestAborted);
                }
            }
            finally
            {
                ended.Signal();
            }
        };
        using HttpClient http = Pds.CreateClient();
        http.DefaultRequestHeaders.Authorization = Alice.Http.DefaultRequestHeaders.Authorization;
        long before = GC.GetTotalMemory(forceFullCollection: true);

        HttpResponseMessage[] responses = await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => BeginAsync(http)));
        long held = GC.GetTotalMemory(forceFullCollection: true) - before;
        foreach (HttpResponseMessage response in responses)
        {
            response.Dispose();
        }

        Assert.That(held, Is.LessThan((long)Clients * Size / 8));
        Assert.That(ended.Wait(TimeSpan.FromSeconds(60)), Is.True, "Whoever leaves must not keep the service at work.");
    }

    [Test]
    public async Task Bodies_OfSlowServices_TakeNoMemoryWhileTheyLast()
    {
        const int AllowedEach = 256 * 1024;     // both ends of two connections with their buffers, all in this process
        TaskCompletionSource goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        AppView.Answers[Method] = async context =>
        {
            await context.Response.Body.WriteAsync(new byte[FirstPart]);
            await context.Response.Body.FlushAsync();
            await goOn.Task;
            await context.Response.Body.WriteAsync(new byte[FirstPart]);
        };
        using HttpClient http = Pds.CreateClient();
        http.DefaultRequestHeaders.Authorization = Alice.Http.DefaultRequestHeaders.Authorization;
        long before = GC.GetTotalMemory(forceFullCollection: true);

        HttpResponseMessage[] responses = await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => BeginAsync(http)));
        long held = GC.GetTotalMemory(forceFullCollection: true) - before;
        goOn.SetResult();
        long[] rest = await Task.WhenAll(responses.Select(CountRestAsync));

        Assert.That(held, Is.LessThan((long)Clients * AllowedEach));
        Assert.That(rest, Is.All.EqualTo((long)FirstPart));
    }

    private static async Task<long> CountRestAsync(HttpResponseMessage response)
    {
        using MemoryStream rest = new();
        await (await response.Content.ReadAsStreamAsync()).CopyToAsync(rest);
        return rest.Length;
    }

    private static async Task<HttpResponseMessage> BeginAsync(HttpClient http)
    {
        HttpResponseMessage response = await http.GetAsync(new Uri($"/xrpc/{Method}", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        Stream body = await response.Content.ReadAsStreamAsync();
        await body.ReadExactlyAsync(new byte[FirstPart]);
        return response;
    }
}
