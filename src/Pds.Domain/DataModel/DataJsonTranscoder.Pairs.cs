using System.Buffers;

namespace Pds.Domain.DataModel;

internal partial struct DataJsonTranscoder
{
    private const int MaxInsertionSort = 24;

    private static readonly SearchValues<byte> Base64Digits =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"u8);

    /// <summary>Where a pair starts, and its key within it.</summary>
    internal readonly record struct Entry(int Start, int HeadLength, int KeyLength);

    private void Push(Entry entry)
    {
        if (_entryCount == _entries.Length)
        {
            Entry[] larger = ArrayPool<Entry>.Shared.Rent(_entries.Length * 2);
            _entries.CopyTo(larger, 0);
            ArrayPool<Entry>.Shared.Return(_entries);
            _entries = larger;
        }

        _entries[_entryCount++] = entry;
    }

    /// <summary>Puts the pairs, the last things written, into canonical order.</summary>
    /// <exception cref="DataModelException">A key is repeated.</exception>
    private readonly void SortPairs(Span<Entry> pairs)
    {
        bool isInOrder = true;
        for (int i = 1; i < pairs.Length && isInOrder; i++)
        {
            isInOrder = Compare(pairs[i - 1], pairs[i]) < 0;
        }

        if (isInOrder)
        {
            return;
        }

        int start = pairs[0].Start;
        byte[] sorted = ArrayPool<byte>.Shared.Rent(_count - start);
        try
        {
            CopyInOrder(pairs, sorted);
            sorted.AsSpan(0, _count - start).CopyTo(_bytes.AsSpan(start));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(sorted);
        }
    }

    private readonly void CopyInOrder(Span<Entry> pairs, Span<byte> destination)
    {
        // A pair ends where the next one starts, which is only known before the sorting.
        Span<(Entry Pair, int End)> order = pairs.Length <= MaxInsertionSort
            ? stackalloc (Entry, int)[pairs.Length]
            : new (Entry, int)[pairs.Length];
        for (int i = 0; i < pairs.Length; i++)
        {
            order[i] = (pairs[i], i + 1 < pairs.Length ? pairs[i + 1].Start : _count);
        }

        if (order.Length <= MaxInsertionSort)
        {
            SortByInsertion(order);
        }
        else
        {
            byte[] bytes = _bytes;
            order.Sort((a, b) => Compare(bytes, a.Pair, b.Pair));
        }

        int written = 0;
        for (int i = 0; i < order.Length; i++)
        {
            if (i > 0 && Compare(order[i - 1].Pair, order[i].Pair) == 0)
            {
                throw new DataModelException("An object has the same key twice.");
            }

            ReadOnlySpan<byte> pair = _bytes.AsSpan(order[i].Pair.Start, order[i].End - order[i].Pair.Start);
            pair.CopyTo(destination[written..]);
            written += pair.Length;
        }
    }

    private readonly void SortByInsertion(Span<(Entry Pair, int End)> order)
    {
        for (int i = 1; i < order.Length; i++)
        {
            (Entry Pair, int End) moving = order[i];
            int at = i;
            for (; at > 0 && Compare(order[at - 1].Pair, moving.Pair) > 0; at--)
            {
                order[at] = order[at - 1];
            }

            order[at] = moving;
        }
    }

    private readonly int Compare(Entry a, Entry b) => Compare(_bytes, a, b);

    private static int Compare(byte[] bytes, Entry a, Entry b) => DagCborKey.Compare(
        bytes.AsSpan(a.Start + a.HeadLength, a.KeyLength),
        bytes.AsSpan(b.Start + b.HeadLength, b.KeyLength));
}
