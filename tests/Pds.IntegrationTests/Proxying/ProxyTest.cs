using Microsoft.Extensions.DependencyInjection;

namespace Pds.IntegrationTests.Proxying;

/// <summary>A server with an AppView, and somebody signed in.</summary>
internal abstract class ProxyTest : PdsTest
{
    protected StubAppView AppView { get; private set; } = null!;

    protected AccountClient Alice { get; private set; } = null!;

    protected virtual IReadOnlyDictionary<string, string?> Variables => new Dictionary<string, string?>(StringComparer.Ordinal);

    protected override async Task<PdsApplication> StartAsync()
    {
        AppView = await StubAppView.StartAsync();
        Dictionary<string, string?> variables = new(StringComparer.Ordinal)
        {
            ["PDS_BSKY_APP_VIEW_URL"] = AppView.Url.ToString(),
            ["PDS_BSKY_APP_VIEW_DID"] = AppView.Did,
            ["LOG_ENABLED"] = "false",
        };
        foreach ((string name, string? value) in Variables)
        {
            variables[name] = value;
        }

        PdsApplication pds = await PdsApplication.StartAsync(variables, Configure);
        AppView.Pds = pds;
        return pds;
    }

    protected virtual void Configure(IServiceCollection services)
    {
    }

    [SetUp]
    public async Task CreateAliceAsync()
    {
        Alice = await Pds.CreateAccountAsync();
        AppView.Answers.Clear();
        AppView.TakeSeen();
    }

    [TearDown]
    public void SignAliceOut() => Alice.Dispose();

    [OneTimeTearDown]
    public async Task StopAppViewAsync() => await AppView.DisposeAsync();

    /// <summary>Sends a request as it is, in Alice's name.</summary>
    protected Task<HttpResponseMessage> SendAsync(HttpMethod verb, string path, HttpContent? content = null, params (string Name, string Value)[] headers)
    {
        HttpRequestMessage request = new(verb, path) { Content = content };
        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return Alice.Http.SendAsync(request);
    }

    protected static string? HeaderOf(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out IEnumerable<string>? values) || response.Content.Headers.TryGetValues(name, out values) ? string.Join(",", values) : null;
}
