using Pds.Application.Accounts;
using Pds.Domain.Identifiers;
using Pds.Infrastructure.Persistence;

namespace Pds.Infrastructure.Accounts;

/// <summary>A change beside the account row of what signs in to an account: it raises the sign-in epoch, so that no sign-in judged before it is kept after it.</summary>
/// <param name="did">The account.</param>
/// <param name="cache">Holds the account with its epoch.</param>
/// <param name="change">Makes the change, and says whether there was anything to change.</param>
internal sealed class SignInChangeWrite(Did did, AccountCache cache, Func<PdsDbContext, bool> change) : QueuedWrite
{
    private const int AboutSomeRows = 1024;

    private Account? _after;

    /// <summary>Whether anything was changed.</summary>
    public bool IsChanged { get; private set; }

    public override int Weight => AboutSomeRows;

    public override void Write(WriteTransaction transaction)
    {
        PdsDbContext context = transaction.Context;
        IsChanged = change(context);
        if (IsChanged && context.Set<AccountRow>().SingleOrDefault(row => row.Did == did) is { } row)
        {
            row.SignInEpoch++;
            _after = row.ToAccount();
        }

        context.SaveChanges();
    }

    protected override void OnDurable()
    {
        if (_after is not null)
        {
            cache.Forget(_after);
        }
    }
}
