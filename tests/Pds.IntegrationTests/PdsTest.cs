namespace Pds.IntegrationTests;

/// <summary>Tests that share one server, started for the class. Each makes its own accounts.</summary>
internal abstract class PdsTest
{
    /// <summary>The server.</summary>
    protected PdsApplication Pds { get; private set; } = null!;

    [OneTimeSetUp]
    public async Task StartServerAsync() => Pds = await StartAsync();

    [OneTimeTearDown]
    public ValueTask StopServerAsync() => Pds?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>Starts the server; overridden where a test needs other settings.</summary>
    protected virtual Task<PdsApplication> StartAsync() => PdsApplication.StartAsync();
}
