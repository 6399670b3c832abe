using MediatR;
using Pds.Application.Accounts;
using Pds.Application.Pipeline;
using Pds.Domain.Identifiers;

namespace Pds.Application.OAuth;

/// <summary>Tells who is signed in to the account area in a browser.</summary>
/// <param name="DeviceId">The browser.</param>
/// <param name="Wanted">The account that a page is asked for; <see langword="null"/> for any.</param>
/// <param name="OrOther">Whether another account will do when that one is not signed in.</param>
public sealed record VisitAccountQuery(string DeviceId, Did? Wanted, bool OrOther) : IQuery<VisitAccountOutput>, IAnonymousRequest;

/// <summary>Who is signed in.</summary>
/// <param name="Current">Whose page is to be shown; <see langword="null"/> when somebody has to sign in first.</param>
/// <param name="Accounts">All accounts that the browser remembers, latest first.</param>
public sealed record VisitAccountOutput(BrowserAccount? Current, IReadOnlyList<BrowserAccount> Accounts);

/// <summary>An account that a browser remembers.</summary>
/// <param name="Did">The account.</param>
/// <param name="Name">Its handle.</param>
/// <param name="SignedInAt">When the password was given.</param>
/// <param name="NeedsPassword">Whether that is too long ago for anything.</param>
/// <param name="IsFresh">Whether it is not too long ago for what only the owner may do.</param>
public sealed record BrowserAccount(Did Did, string Name, DateTimeOffset SignedInAt, bool NeedsPassword, bool IsFresh);

internal sealed class VisitAccountHandler(IDeviceStore devices, IAccountStore accounts, TimeProvider time) : IRequestHandler<VisitAccountQuery, VisitAccountOutput>
{
    public async Task<VisitAccountOutput> Handle(VisitAccountQuery query, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        List<BrowserAccount> known = [];
        foreach (DeviceAccount signedIn in await devices.ListAccountsAsync(query.DeviceId, cancellationToken))
        {
            if (await accounts.FindAsync(new AtIdentifier(signedIn.Did), cancellationToken) is { TakedownRef: null } account)
            {
                TimeSpan age = now - signedIn.SignedInAt;
                known.Add(new BrowserAccount(account.Did, account.ShownHandle.ToString(), signedIn.SignedInAt, age >= OAuthTimes.SignIn, age < OAuthTimes.FreshSignIn));
            }
        }

        BrowserAccount? wanted = known.Find(account => account.Did == query.Wanted && !account.NeedsPassword);
        return new VisitAccountOutput(wanted ?? (query.OrOther ? known.Find(account => !account.NeedsPassword) : null), known);
    }
}
