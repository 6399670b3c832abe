using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Pds.Application.Accounts;
using Pds.Domain.Identifiers;

namespace Pds.IntegrationTests.Accounts;

internal sealed class AccountStoreTests : PdsTest
{
    private IAccountStore Store => Pds.Services.GetRequiredService<IAccountStore>();

    // A commit that was judged on the status before is not kept.
    [Test]
    public async Task Update_OfTheStatus_RaisesTheEpochOfTheRepository_AndNothingElseDoes()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        List<long> epochs = [];
        async Task ChangeAsync(Func<Account, Account> change)
        {
            await Store.UpdateAsync(alice.Did, account => new AccountChange(change(account), []), CancellationToken.None);
            epochs.Add(ReadEpoch(alice.Did));
        }

        await ChangeAsync(account => account with { TakedownRef = "note" });
        await ChangeAsync(account => account with { TakedownRef = "another note" });
        await ChangeAsync(account => account with { TakedownRef = null });
        await ChangeAsync(account => account with { InvitesDisabled = true });

        Assert.That(epochs, Is.EqualTo(new long[] { 1, 1, 2, 2 }));
        await alice.CreateRecordAsync();
    }

    // Pitfall E 106.
    [Test]
    public async Task ScheduledDeletion_WhenTheTimeHasCome_DeletesWhatIsDeactivatedAndNotTakenDown()
    {
        using AccountClient due = await Pds.CreateAccountAsync();
        using AccountClient takenDown = await Pds.CreateAccountAsync();
        using AccountClient later = await Pds.CreateAccountAsync();
        DateTimeOffset now = DateTimeOffset.UtcNow;
        await CloseAsync(due, now.AddMinutes(-1));
        await CloseAsync(takenDown, now.AddMinutes(-1));
        await CloseAsync(later, now.AddDays(1));
        await Pds.TakeDownAsync(takenDown.Did);

        int deleted = await Pds.Services.GetServices<Microsoft.Extensions.Hosting.IHostedService>()
            .OfType<Infrastructure.Accounts.ScheduledDeletions>().Single().RunOnceAsync(CancellationToken.None);

        Assert.That(deleted, Is.EqualTo(1));
        Assert.That(await FindAsync(due.Handle), Is.Null);
        Assert.That(await FindAsync(takenDown.Handle), Is.Not.Null);
        Assert.That(await FindAsync(later.Handle), Is.Not.Null);
    }

    private Task<Account?> CloseAsync(AccountClient account, DateTimeOffset deleteAfter) => Store.UpdateAsync(
        account.Did, stored => new AccountChange(stored with { DeactivatedAt = deleteAfter, DeleteAfter = deleteAfter }, []), CancellationToken.None);

    private ValueTask<Account?> FindAsync(Handle handle) => Store.FindAsync(new AtIdentifier(handle), CancellationToken.None);

    private long ReadEpoch(Did did)
    {
        using SqliteConnection connection = new($"Data Source={Path.Combine(Pds.Directory, "pds.sqlite")};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT epoch FROM repo JOIN account ON account.id = repo.account_id WHERE did = $did";
        command.Parameters.AddWithValue("$did", did.ToString());
        return (long)command.ExecuteScalar()!;
    }
}
