using Pds.Application.Capacity;
using Pds.Domain.Identifiers;

namespace Pds.Api.RateLimits;

/// <summary>How many places of a gate, or of its queue, one account and one network may hold.</summary>
/// <param name="most">The share.</param>
internal sealed class GateShares(int most)
{
    private readonly CapacityShares<UInt128> _networks = new(most);
    private readonly CapacityShares<Did> _accounts = new(most);

    public bool TryTake(in CapacityCaller caller, int places)
    {
        if (caller.Network != UInt128.Zero && !_networks.TryTake(caller.Network, places))
        {
            return false;
        }

        if (caller.Account is not { } account || _accounts.TryTake(account, places))
        {
            return true;
        }

        GiveBack(caller with { Account = null }, places);
        return false;
    }

    public void GiveBack(in CapacityCaller caller, int places)
    {
        if (caller.Network != UInt128.Zero)
        {
            _networks.GiveBack(caller.Network, places);
        }

        if (caller.Account is { } account)
        {
            _accounts.GiveBack(account, places);
        }
    }
}
