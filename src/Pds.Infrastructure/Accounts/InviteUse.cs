using Pds.Application.Accounts;
using Pds.Domain.Identifiers;
using Pds.Infrastructure.Persistence;

namespace Pds.Infrastructure.Accounts;

/// <summary>When an invite code works.</summary>
internal static class InviteUse
{
    /// <summary>Not disabled, not used up, and its owner not taken down.</summary>
    public static bool IsUsable(PdsDbContext context, InviteCodeRow invite)
    {
        if (invite.Disabled || invite.Uses.Count >= invite.AvailableUses)
        {
            return false;
        }

        return invite.ForAccount == InviteCode.Operator
            || !Did.TryParse(invite.ForAccount, out Did owner)
            || !context.Set<AccountRow>().Any(row => row.Did == owner && row.TakedownRef != null);
    }
}
