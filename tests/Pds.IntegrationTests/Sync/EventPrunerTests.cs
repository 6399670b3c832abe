using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Pds.Application.Accounts;
using Pds.Application.DependencyInjection;
using Pds.Infrastructure.Persistence;
using Pds.Infrastructure.Sync;

namespace Pds.IntegrationTests.Sync;

/// <summary>What becomes of old events, and of those of deleted accounts.</summary>
internal sealed class EventPrunerTests : PdsTest
{
    private static readonly TimeSpan Window = TimeSpan.FromHours(1);

    private readonly ManualTime _time = new();

    [Test, Order(1)]
    public async Task Prune_DeletesEventsOlderThanTwiceTheWindow()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        for (int i = 0; i < 520; i++)    // more than one step takes
        {
            await alice.CreateRecordAsync();
        }

        _time.Advance(Window * 2.5);
        await Pds.CreateAccountAsync();
        long firstKept = Read("SELECT min(seq) FROM event WHERE time >= $0", (_time.GetUtcNow() - Window).ToUnixTimeMilliseconds());

        await PruneAsync();

        Assert.That(Read("SELECT min(seq) FROM event"), Is.EqualTo(firstKept));
        Assert.That(firstKept, Is.GreaterThan(520));
    }

    // Pitfall C 48.
    [Test, Order(2)]
    public async Task Prune_WhenAllEventsAreOld_NeverUsesANumberTwice()
    {
        using AccountClient bob = await Pds.CreateAccountAsync();
        long last = Read("SELECT max(seq) FROM event");
        _time.Advance(Window * 3);

        await PruneAsync();
        await Pds.CreateAccountAsync();

        Assert.That(Read("SELECT min(seq) FROM event WHERE seq > $0", last), Is.EqualTo(last + 1));
        Assert.That(Read("SELECT count(*) FROM event WHERE seq <= $0", last), Is.EqualTo(1), "the newest stays, since numbering goes on from it");
    }

    [Test, Order(3)]
    public async Task Prune_AfterAnAccountWasDeleted_LeavesItsLastEventOnly()
    {
        using AccountClient carol = await Pds.CreateAccountAsync();
        await carol.CreateRecordAsync();
        await PruneAsync();
        long before = Read("SELECT count(*) FROM event");
        await Pds.Services.GetRequiredService<IAccountStore>().DeleteAsync(carol.Did, _ => null, CancellationToken.None);
        await Pds.CreateAccountAsync();

        await PruneAsync();

        // of the five of carol's first day none is left; the word of her end and the four of the next account came
        Assert.That(Read("SELECT count(*) FROM event"), Is.EqualTo(before - 5 + 1 + 4));
        Assert.That(Read("SELECT count(*) FROM purged_events"), Is.Zero);
    }

    protected override Task<PdsApplication> StartAsync() => PdsApplication.StartAsync(services: services =>
    {
        services.Replace(ServiceDescriptor.Singleton<TimeProvider>(_time));
        services.PostConfigure<PdsOptions>(options => options.Firehose.BackfillWindow = Window);
    });

    private Task PruneAsync() => Pds.Services.GetServices<IHostedService>().OfType<EventPruner>().Single().PruneAsync(CancellationToken.None);

    private long Read(string sql, long? parameter = null)
    {
        using SqliteConnection connection = Pds.Services.GetRequiredService<SqliteDatabase>().Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        if (parameter is { } value)
        {
            command.Parameters.AddWithValue("$0", value);
        }

        return (long)command.ExecuteScalar()!;
    }
}
