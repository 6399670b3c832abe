using Microsoft.Extensions.DependencyInjection;
using Pds.Application.Accounts;
using Pds.Domain.Identifiers;

namespace Pds.IntegrationTests.Accounts;

internal sealed class AccountStoreTests : PdsTest
{
    private IAccountStore Store => Pds.Services.GetRequiredService<IAccountStore>();

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
}
