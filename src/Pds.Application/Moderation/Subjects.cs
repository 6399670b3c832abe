using Pds.Application.Accounts;
using Pds.Domain.Accounts;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;

namespace Pds.Application.Moderation;

/// <summary>Finds what a moderator speaks of.</summary>
internal static class Subjects
{
    /// <summary>The refusal for a subject that is not here.</summary>
    public static XrpcException NotFound() => new(AccountErrors.NotFound, "Subject not found");

    /// <summary>The account that must be there, whatever its status.</summary>
    /// <exception cref="XrpcException">NotFound.</exception>
    public static async ValueTask<Account> RequireAsync(this IAccountStore accounts, Did did, CancellationToken cancellationToken) =>
        await accounts.FindAsync(new AtIdentifier(did), cancellationToken) ?? throw new XrpcException(AccountErrors.NotFound, "Account not found");

    /// <summary>Changes an account that must be there, without announcing anything.</summary>
    /// <exception cref="XrpcException">NotFound, and what the store refuses.</exception>
    public static async Task ChangeAsync(this IAccountStore accounts, Did did, Func<Account, Account> change, AuditNote audit, CancellationToken cancellationToken) =>
        _ = await accounts.UpdateAsync(did, account => new AccountChange(change(account), []), audit, cancellationToken)
            ?? throw new XrpcException(AccountErrors.NotFound, "Account not found");

    /// <summary>Whose record a URI names, and where it is.</summary>
    /// <exception cref="XrpcException">InvalidRequest: the URI names no record. NotFound: nobody here has its handle.</exception>
    public static async ValueTask<(Did Did, RecordPath Path)> LocateAsync(this IAccountStore accounts, AtUri uri, CancellationToken cancellationToken)
    {
        if (uri is not { Collection: { } collection, Key: { } key })
        {
            throw new XrpcException(RequestErrors.InvalidRequest, "The subject's uri must name a record");
        }

        if (!uri.Authority.TryGetDid(out Did did))
        {
            did = (await accounts.FindAsync(uri.Authority, cancellationToken) ?? throw NotFound()).Did;
        }

        return (did, new RecordPath(collection, key));
    }
}
