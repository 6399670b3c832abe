using System.Diagnostics.CodeAnalysis;

namespace Pds.Infrastructure.Identity;

/// <summary>A map that forgets what was used least recently once its entries weigh too much. Safe for concurrent use.</summary>
/// <param name="capacity">Sum of the weights that it holds.</param>
internal sealed class BoundedCache<TKey, TValue>(long capacity)
    where TKey : notnull
{
    private readonly Lock _gate = new();
    private readonly Dictionary<TKey, LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _byUse = []; // most recent first
    private long _weight;

    /// <summary>How many entries there are.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _entries.Count;
            }
        }
    }

    /// <summary>The value of a key, which counts as a use.</summary>
    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue(key, out LinkedListNode<Entry>? node))
            {
                value = default;
                return false;
            }

            _byUse.Remove(node);
            _byUse.AddFirst(node);
            value = node.Value.Value;
            return true;
        }
    }

    /// <summary>Keeps a value unless the one already there is to be preferred.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="value">The value.</param>
    /// <param name="weight">Its share of the capacity.</param>
    /// <param name="replaces">Judges the present value; <see langword="null"/> to replace whatever is there.</param>
    public void Set(TKey key, TValue value, long weight, Func<TValue, bool>? replaces = null)
    {
        lock (_gate)
        {
            if (_entries.TryGetValue(key, out LinkedListNode<Entry>? present))
            {
                if (replaces?.Invoke(present.Value.Value) == false)
                {
                    return;
                }

                Drop(present);
            }

            _entries[key] = _byUse.AddFirst(new Entry(key, value, weight));
            _weight += weight;
            while (_weight > capacity && _byUse.Last is { } last)
            {
                Drop(last);
            }
        }
    }

    private void Drop(LinkedListNode<Entry> node)
    {
        _byUse.Remove(node);
        _entries.Remove(node.Value.Key);
        _weight -= node.Value.Weight;
    }

    private readonly record struct Entry(TKey Key, TValue Value, long Weight);
}
