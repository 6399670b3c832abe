using System.Runtime.InteropServices;

namespace Pds.Application.Capacity;

/// <summary>Counts the places that each caller holds, so that no caller takes all places of a gate. Safe for concurrent use.</summary>
/// <typeparam name="TKey">What tells callers apart: an account, or a network.</typeparam>
/// <param name="most">Places that one caller may hold at a time, 1 or more.</param>
public sealed class CapacityShares<TKey>(int most)
    where TKey : notnull
{
    private readonly Lock _gate = new();
    private readonly Dictionary<TKey, int> _held = [];

    /// <summary>Takes places for a caller, or none when they would be more than the share.</summary>
    /// <param name="key">The caller.</param>
    /// <param name="places">How many; more than the share counts as the whole share.</param>
    public bool TryTake(TKey key, int places)
    {
        places = Math.Min(places, most);
        lock (_gate)
        {
            ref int held = ref CollectionsMarshal.GetValueRefOrAddDefault(_held, key, out _);
            if (held + places > most)
            {
                return false;
            }

            held += places;
            return true;
        }
    }

    /// <summary>Gives places back; callers that hold none are forgotten.</summary>
    /// <param name="key">The caller.</param>
    /// <param name="places">As many as were taken.</param>
    public void GiveBack(TKey key, int places)
    {
        places = Math.Min(places, most);
        lock (_gate)
        {
            ref int held = ref CollectionsMarshal.GetValueRefOrNullRef(_held, key);
            held -= places;
            if (held == 0)
            {
                _held.Remove(key);
            }
        }
    }
}
