using Pds.Application.Moderation;
using Pds.Domain.Identifiers;

namespace Pds.Server.Cli;

/// <summary>Finds accounts by what an operator types.</summary>
internal static class AccountLookup
{
    private const int PageSize = 100;

    /// <summary>The account of a DID, a handle or an e-mail address, whatever its status.</summary>
    /// <exception cref="CliRefusal">There is none.</exception>
    public static async Task<AccountView> FindAsync(this OperatorAccess server, string account, CancellationToken cancellationToken)
    {
        if (Did.TryParse(account, out Did did))
        {
            return await server.GetAsync([("did", account)], new GetAccountInfoQuery(OperatorAccess.Caller, did), cancellationToken);
        }

        if (account.LastIndexOf('@') > 0)
        {
            SearchAccountsQuery query = new(OperatorAccess.Caller) { Email = account };
            SearchAccountsOutput found = await server.GetAsync([("email", account)], query, cancellationToken);
            return found.Accounts.Count > 0 ? found.Accounts[0] : throw NotFound(account);
        }

        string name = account.TrimStart('@');
        await foreach (AccountView view in server.ListAsync(cancellationToken))
        {
            if (string.Equals(view.Handle.ToString(), name, StringComparison.OrdinalIgnoreCase))
            {
                return view;
            }
        }

        throw NotFound(account);
    }

    /// <summary>All accounts in order of creation.</summary>
    public static async IAsyncEnumerable<AccountView> ListAsync(
        this OperatorAccess server, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? cursor = null;
        do
        {
            SearchAccountsQuery query = new(OperatorAccess.Caller) { Cursor = cursor, Limit = PageSize };
            SearchAccountsOutput page = await server.GetAsync([("cursor", cursor), ("limit", $"{PageSize}")], query, cancellationToken);
            foreach (AccountView view in page.Accounts)
            {
                yield return view;
            }

            cursor = page.Cursor;
        }
        while (cursor is not null);
    }

    private static CliRefusal NotFound(string account) => new("NotFound", $"There is no account {account}. `pds account list` shows all.");
}
