using MediatR;
using Pds.Application.Moderation;
using Pds.Application.Pipeline;
using Pds.Application.Settings;
using Pds.Domain.Accounts;
using Pds.Domain.Errors;

namespace Pds.Application.Accounts;

/// <summary>Shows an account the invite codes it may give away; it gets new ones by the passing of time. Lexicon: <c>com.atproto.server.getAccountInviteCodes</c>.</summary>
/// <param name="Caller">The account.</param>
[XrpcMethod("com.atproto.server.getAccountInviteCodes")]
[XrpcRestricted(MethodRestrictions.Protected)]
public sealed record GetAccountInviteCodesQuery(Caller Caller) : IQuery<GetAccountInviteCodesOutput>, IAuthorizedRequest
{
    /// <inheritdoc/>
    public Permission Required => Permission.Full with { RefuseTakendown = true };

    /// <summary>Whether codes that are used up are shown. Default <see langword="true"/>.</summary>
    public bool IncludeUsed { get; init; } = true;

    /// <summary>Whether codes that are due are made first. Default <see langword="true"/>.</summary>
    public bool CreateAvailable { get; init; } = true;
}

/// <summary>The codes.</summary>
/// <param name="Codes">Oldest first; those that were withdrawn are left out.</param>
public sealed record GetAccountInviteCodesOutput(IReadOnlyList<InviteCodeView> Codes);

internal sealed class GetAccountInviteCodesHandler(IAccountStore accounts, IInviteStore invites, ServerSettings server, AccountSettings rules, TimeProvider time)
    : IRequestHandler<GetAccountInviteCodesQuery, GetAccountInviteCodesOutput>
{
    public async Task<GetAccountInviteCodesOutput> Handle(GetAccountInviteCodesQuery query, CancellationToken cancellationToken)
    {
        Account account = await accounts.RequireOwnAsync(query.Caller, cancellationToken);
        if (!account.IsActive)
        {
            throw new XrpcException(AccountErrors.NotFound, "Account not found");
        }

        IReadOnlyList<InviteCode> codes = await invites.ListAsync(account.Did, cancellationToken);
        if (query.CreateAvailable && rules is { InviteRequired: true, InviteInterval: { } interval })
        {
            codes = [.. codes, .. await CreateDueAsync(account, codes, interval, cancellationToken)];
        }

        return new GetAccountInviteCodesOutput(
            [.. codes.Where(code => !code.Disabled && (query.IncludeUsed || code.Uses.Count < code.AvailableUses)).Select(InviteCodeView.Of)]);
    }

    private async Task<IReadOnlyList<InviteCode>> CreateDueAsync(
        Account account, IReadOnlyList<InviteCode> codes, TimeSpan interval, CancellationToken cancellationToken)
    {
        InviteCode[] routine = [.. codes.Where(code => code.CreatedBy != InviteCode.Operator)];
        DateTimeOffset now = time.GetUtcNow();
        int due = RoutineInvites.CountDue(account.CreatedAt, routine, now, interval, rules.InviteEpoch);
        if (due <= 0)
        {
            return [];
        }

        string owner = account.Did.ToString();
        InviteCode[] created =
        [
            .. Enumerable.Range(0, due).Select(_ =>
                new InviteCode(AccountCodes.NewInviteCode(server.Hostname), 1, account.InvitesDisabled, owner, owner, now, [])),
        ];
        await invites.AddRoutineAsync(created, account.Did, routine.Length + due, cancellationToken);
        return created;
    }
}

/// <summary>How many codes an account gets by the passing of time.</summary>
internal static class RoutineInvites
{
    private const int MaxOpen = 5;

    /// <summary>One code for each interval of the account's life since the epoch, less those it got since then; no more than five are open at a time.</summary>
    /// <param name="createdAt">When the account was made.</param>
    /// <param name="routine">The codes it has that the operator did not make.</param>
    /// <param name="now">The time.</param>
    /// <param name="interval">The interval.</param>
    /// <param name="epoch">The life of the account before it does not count.</param>
    /// <returns>Zero or less when none is due.</returns>
    public static int CountDue(DateTimeOffset createdAt, IReadOnlyList<InviteCode> routine, DateTimeOffset now, TimeSpan interval, DateTimeOffset epoch)
    {
        int open = routine.Count(code => !code.Disabled && code.Uses.Count < code.AvailableUses);
        int sinceEpoch = routine.Count(code => code.CreatedAt > epoch);
        long before = createdAt < epoch ? (epoch - createdAt).Ticks / interval.Ticks : 0;
        long earned = ((now - createdAt).Ticks / interval.Ticks) - before;
        return (int)Math.Min(MaxOpen - open, earned - sinceEpoch);
    }
}
