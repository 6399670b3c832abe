using MediatR;
using Pds.Application.Accounts;
using Pds.Application.Pipeline;
using Pds.Domain.Identifiers;

namespace Pds.Application.Factors;

/// <summary>Shows an account's owner what signing in takes.</summary>
/// <param name="Caller">The owner.</param>
public sealed record ListFactorsQuery(Caller Caller) : IQuery<ListFactorsOutput>, IAuthorizedRequest
{
    /// <inheritdoc/>
    public Permission Required => Permission.Full;
}

/// <summary>What signing in takes.</summary>
/// <param name="MailboxIsFactor">Whether it takes a token from the mailbox.</param>
/// <param name="AuthenticatorSince">Since when it takes codes of an authenticator app; <see langword="null"/> when it does not.</param>
/// <param name="RecoveryCodesLeft">How many recovery codes are left.</param>
/// <param name="Passkeys">What can be used in place of the password, oldest first.</param>
/// <param name="TrustedBrowsers">Where only the password is asked for, latest first.</param>
public sealed record ListFactorsOutput(
    bool MailboxIsFactor, DateTimeOffset? AuthenticatorSince, int RecoveryCodesLeft, IReadOnlyList<PasskeyView> Passkeys, IReadOnlyList<TrustedBrowser> TrustedBrowsers);

/// <summary>A passkey as its owner sees it.</summary>
/// <param name="Id">Which one.</param>
/// <param name="Name">What its owner calls it.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="LastUsedAt">When it was used last.</param>
/// <param name="IsBackedUp">Whether it lies on more than one device.</param>
public sealed record PasskeyView(string Id, string Name, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt, bool IsBackedUp);

internal sealed class ListFactorsHandler(
    IAccountStore accounts, IAuthenticatorStore authenticators, IRecoveryCodeStore recoveryCodes, IPasskeyStore passkeys, ITrustedBrowserStore browsers, TimeProvider time)
    : IRequestHandler<ListFactorsQuery, ListFactorsOutput>
{
    public async Task<ListFactorsOutput> Handle(ListFactorsQuery query, CancellationToken cancellationToken)
    {
        Account account = await accounts.RequireOwnAsync(query.Caller, cancellationToken);
        Did did = account.Did;
        Authenticator? authenticator = await authenticators.FindAsync(did, cancellationToken);
        IReadOnlyList<Passkey> keys = await passkeys.ListAsync(did, cancellationToken);
        return new ListFactorsOutput(
            account.NeedsSignInToken,
            authenticator?.ConfirmedAt,
            await recoveryCodes.CountAsync(did, cancellationToken),
            [.. keys.Select(key => new PasskeyView(key.Id, key.Name, key.CreatedAt, key.LastUsedAt, key.IsBackedUp))],
            await browsers.ListAsync(did, time.GetUtcNow(), cancellationToken));
    }
}
