namespace Pds.IntegrationTests.Repositories;

/// <summary>Tests that share one server; each makes its own account.</summary>
[Parallelizable(ParallelScope.Self)]
internal abstract class RepoTest
{
    protected RepoServer Server { get; private set; } = null!;

    protected RepoClient Alice { get; private set; } = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => Server = await RepoServer.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync() => await Server.DisposeAsync();

    [SetUp]
    public async Task CreateAliceAsync() => Alice = await Server.CreateAccountAsync();
}
