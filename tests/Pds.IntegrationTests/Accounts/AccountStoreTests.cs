using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Pds.Application.Accounts;
using Pds.Domain.Identifiers;
using Pds.Domain.Sync;

namespace Pds.IntegrationTests.Accounts;

internal sealed class AccountStoreTests : PdsTest
{
    private IAccountStore Store => Pds.Services.GetRequiredService<IAccountStore>();

    [Test]
    public async Task List_PageByPage_FindsEveryAccountOnceInOrderOfCreation()
    {
        for (int i = 0; i < 5; i++)
        {
            (await Pds.CreateAccountAsync()).Dispose();
        }

        IReadOnlyList<HostedRepo> all = await Store.ListAsync(1000, null, CancellationToken.None);
        var paged = new List<HostedRepo>();
        for (IReadOnlyList<HostedRepo> page = await Store.ListAsync(2, null, CancellationToken.None); page.Count > 0;)
        {
            paged.AddRange(page);
            page = await Store.ListAsync(2, (page[^1].Account.CreatedAt, page[^1].Account.Did), CancellationToken.None);
        }

        Assert.That(paged.Select(line => line.Account.Did), Is.EqualTo(all.Select(line => line.Account.Did)).And.Not.Empty);
        Assert.That(all, Is.EqualTo(all.OrderBy(line => line.Account.CreatedAt).ThenBy(line => line.Account.Did)));
    }

    [Test]
    public async Task Update_OfTheHandle_IsSeenUnderTheNewNameAndNotTheOld()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        Handle renamed = Handle.Parse("renamed.test");
        await FindAsync(alice.Handle);

        await Store.UpdateAsync(
            alice.Did, account => new AccountChange(account with { Handle = renamed }, [new IdentityEvent(account.Did, renamed)]), CancellationToken.None);

        Assert.That(await FindAsync(alice.Handle), Is.Null);
        Assert.That((await FindAsync(renamed))?.Did, Is.EqualTo(alice.Did));
        Assert.That((await Store.FindAsync(new AtIdentifier(alice.Did), CancellationToken.None))?.Handle, Is.EqualTo(renamed));
    }

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

    [Test]
    public async Task Update_WhenTheHandleIsSomebodyElses_ChangesNothing()
    {
        using AccountClient alice = await Pds.CreateAccountAsync();
        using AccountClient bob = await Pds.CreateAccountAsync();

        Assert.That(
            async () => await Store.UpdateAsync(bob.Did, account => new AccountChange(account with { Handle = alice.Handle }, []), CancellationToken.None),
            Throws.TypeOf<Domain.Errors.XrpcException>());
        Assert.That((await FindAsync(bob.Handle))?.Did, Is.EqualTo(bob.Did));
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
