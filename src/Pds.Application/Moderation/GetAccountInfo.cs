using MediatR;
using Pds.Application.Accounts;
using Pds.Application.Pipeline;
using Pds.Domain.Accounts;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;

namespace Pds.Application.Moderation;

/// <summary>Shows an account to the operator. Lexicon: <c>com.atproto.admin.getAccountInfo</c>.</summary>
[XrpcMethod("com.atproto.admin.getAccountInfo")]
public sealed record GetAccountInfoQuery(Caller Caller, Did Did) : IQuery<AccountView>, IAuthorizedRequest
{
    /// <inheritdoc/>
    public Permission Required => Permission.Admin;
}

/// <summary>Shows accounts to the operator; unknown ones are left out. Lexicon: <c>com.atproto.admin.getAccountInfos</c>.</summary>
[XrpcMethod("com.atproto.admin.getAccountInfos")]
public sealed record GetAccountInfosQuery(Caller Caller, IReadOnlyList<Did> Dids) : IQuery<GetAccountInfosOutput>, IAuthorizedRequest
{
    /// <inheritdoc/>
    public Permission Required => Permission.Admin;
}

/// <summary>The accounts.</summary>
/// <param name="Infos">In the order asked for.</param>
public sealed record GetAccountInfosOutput(IReadOnlyList<AccountView> Infos);

/// <summary>An account as its operator sees it.</summary>
public sealed record AccountView
{
    /// <summary>The account.</summary>
    public required Did Did { get; init; }

    /// <summary>Its handle, or <c>handle.invalid</c>.</summary>
    public required Handle Handle { get; init; }

    /// <summary>Its address.</summary>
    public string? Email { get; init; }

    /// <summary>When it was made here.</summary>
    public required DateTimeOffset IndexedAt { get; init; }

    /// <summary>The invite code it was made with.</summary>
    public InviteCodeView? InvitedBy { get; init; }

    /// <summary>The invite codes it owns.</summary>
    public IReadOnlyList<InviteCodeView>? Invites { get; init; }

    /// <summary>Whether it may make no invite codes.</summary>
    public bool InvitesDisabled { get; init; }

    /// <summary>When its address was confirmed.</summary>
    public DateTimeOffset? EmailConfirmedAt { get; init; }

    /// <summary>When it was deactivated.</summary>
    public DateTimeOffset? DeactivatedAt { get; init; }

    /// <summary>The account only: the address stays out of logs.</summary>
    public override string ToString() => Did.ToString();
}

/// <summary>An invite code as the lexicon shows it.</summary>
/// <param name="Code">Its text.</param>
/// <param name="Available">How often it can be used in all.</param>
/// <param name="Disabled">Whether it was withdrawn.</param>
/// <param name="ForAccount">DID of its owner, or <c>admin</c>.</param>
/// <param name="CreatedBy">DID of its maker, or <c>admin</c>.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="Uses">Who used it, newest first.</param>
public sealed record InviteCodeView(
    string Code, int Available, bool Disabled, string ForAccount, string CreatedBy, DateTimeOffset CreatedAt, IReadOnlyList<InviteCodeUse> Uses)
{
    /// <summary>Shows a code.</summary>
    public static InviteCodeView Of(InviteCode code) =>
        new(code.Code, code.AvailableUses, code.Disabled, code.ForAccount, code.CreatedBy, code.CreatedAt, code.Uses);
}

internal sealed class GetAccountInfoHandler(AccountViews views) : IRequestHandler<GetAccountInfoQuery, AccountView>
{
    public async Task<AccountView> Handle(GetAccountInfoQuery query, CancellationToken cancellationToken) =>
        await views.FindAsync(query.Did, cancellationToken) ?? throw new XrpcException(AccountErrors.NotFound, "Account not found");
}

internal sealed class GetAccountInfosHandler(AccountViews views) : IRequestHandler<GetAccountInfosQuery, GetAccountInfosOutput>
{
    public async Task<GetAccountInfosOutput> Handle(GetAccountInfosQuery query, CancellationToken cancellationToken)
    {
        var infos = new List<AccountView>(query.Dids.Count);
        foreach (Did did in query.Dids.Distinct())
        {
            if (await views.FindAsync(did, cancellationToken) is { } view)
            {
                infos.Add(view);
            }
        }

        return new GetAccountInfosOutput(infos);
    }
}

/// <summary>Puts an account and its invite codes together.</summary>
internal sealed class AccountViews(IAccountStore accounts, IInviteStore invites)
{
    public async ValueTask<AccountView?> FindAsync(Did did, CancellationToken cancellationToken) =>
        await accounts.FindAsync(new AtIdentifier(did), cancellationToken) is { } account ? await ShowAsync(account, cancellationToken) : null;

    public async ValueTask<AccountView> ShowAsync(Account account, CancellationToken cancellationToken)
    {
        InviteCode? invitedBy = await invites.FindUsedByAsync(account.Did, cancellationToken);
        IReadOnlyList<InviteCode> owned = await invites.ListAsync(account.Did, cancellationToken);
        return new AccountView
        {
            Did = account.Did,
            Handle = account.ShownHandle,
            Email = account.Email,
            IndexedAt = account.CreatedAt,
            InvitedBy = invitedBy is null ? null : InviteCodeView.Of(invitedBy),
            Invites = [.. owned.Select(InviteCodeView.Of)],
            InvitesDisabled = account.InvitesDisabled,
            EmailConfirmedAt = account.EmailConfirmedAt,
            DeactivatedAt = account.DeactivatedAt,
        };
    }
}
