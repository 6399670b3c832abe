using Pds.Domain.DataModel;

namespace Pds.UnitTests.DataModel;

/// <summary>Other encodings of the same value, and encodings of nothing: all that a strict reader must refuse.</summary>
internal static class CborMutations
{
    public static IEnumerable<(string Name, byte[] Bytes)> Of(byte[] canonical)
    {
        List<Item> items = [];
        Walk(canonical, 0, items, isKey: false);
        foreach (Item item in items)
        {
            byte[] head = canonical[item.Start..item.Body];
            foreach (byte[] longer in LongerHeads(head))
            {
                yield return ("longer head", Replace(canonical, item.Start, item.Body, longer));
            }

            int major = head[0] >> 5;
            if (major is 2 or 3 && !item.IsLink)
            {
                byte[] chunked = [(byte)((major << 5) | 31), .. canonical[item.Start..item.End], 0xff];
                yield return ("indefinite string", Replace(canonical, item.Start, item.End, chunked));
            }

            if (major is 4 or 5)
            {
                byte[] open = [(byte)((major << 5) | 31), .. canonical[item.Body..item.End], 0xff];
                yield return ("indefinite container", Replace(canonical, item.Start, item.End, open));
                foreach ((string name, byte[] bytes) in OtherPairs(canonical, item))
                {
                    yield return (name, bytes);
                }
            }

            if (!item.IsKey && !item.IsLink)
            {
                yield return ("undefined", Replace(canonical, item.Start, item.End, [0xf7]));
                yield return ("simple value", Replace(canonical, item.Start, item.End, [0xe0]));
                yield return ("long simple value", Replace(canonical, item.Start, item.End, [0xf8, 0xff]));
                yield return ("half float", Replace(canonical, item.Start, item.End, [0xf9, 0x3c, 0x00]));
                yield return ("float", Replace(canonical, item.Start, item.End, [0xfa, 0x3f, 0x80, 0, 0]));
                yield return ("double", Replace(canonical, item.Start, item.End, [0xfb, 0x3f, 0xf0, 0, 0, 0, 0, 0, 0]));
                yield return ("too large", Replace(canonical, item.Start, item.End, [0x1b, 0x00, 0x20, 0, 0, 0, 0, 0, 0]));
                yield return ("too small", Replace(canonical, item.Start, item.End, [0x3b, 0x00, 0x1f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]));
                yield return ("wrong tag", Replace(canonical, item.Start, item.Start, [0xc1]));
                yield return ("link to nothing", Replace(canonical, item.Start, item.End, [0xd8, 0x2a, 0x41, 0x00]));
                yield return ("tag 42 on text", Replace(canonical, item.Start, item.End, [0xd8, 0x2a, 0x61, 0x61]));
                yield return ("break", Replace(canonical, item.Start, item.End, [0xff]));
                yield return ("broken UTF-8", Replace(canonical, item.Start, item.End, [0x62, 0xc0, 0x80]));
                yield return ("surrogate in UTF-8", Replace(canonical, item.Start, item.End, [0x63, 0xed, 0xa0, 0x80]));
            }

            if (item.IsKey)
            {
                yield return ("key of bytes", Replace(canonical, item.Start, item.Start + 1, [(byte)(canonical[item.Start] - 0x20)]));
            }
        }

        yield return ("trailing byte", [.. canonical, 0]);
        yield return ("cut off", canonical[..^1]);
    }

    private static IEnumerable<(string Name, byte[] Bytes)> OtherPairs(byte[] canonical, Item item)
    {
        List<(int Start, int End)> pairs = item.Pairs;
        for (int i = 1; i < pairs.Count; i++)
        {
            byte[] first = canonical[pairs[i - 1].Start..pairs[i - 1].End];
            byte[] second = canonical[pairs[i].Start..pairs[i].End];
            yield return ("swapped keys", Replace(canonical, pairs[i - 1].Start, pairs[i].End, [.. second, .. first]));
            yield return ("repeated key", Replace(canonical, pairs[i - 1].Start, pairs[i].End, [.. first, .. first]));
        }
    }

    private static IEnumerable<byte[]> LongerHeads(byte[] head)
    {
        int type = head[0] & 0xe0;
        byte[] argument = head.Length == 1 ? [(byte)(head[0] & 31)] : head[1..];
        if (type == 0xe0)
        {
            yield break;
        }

        foreach ((int info, int width) in ((int, int)[])[(24, 1), (25, 2), (26, 4), (27, 8)])
        {
            if (width + 1 > head.Length)
            {
                yield return [(byte)(type | info), .. new byte[width - argument.Length], .. argument];
            }
        }
    }

    /// <summary>Lists the item at a position and all within it, with a walk of its own.</summary>
    private static int Walk(byte[] bytes, int start, List<Item> items, bool isKey)
    {
        int major = bytes[start] >> 5;
        int info = bytes[start] & 31;
        int width = info < 24 ? 0 : 1 << (info - 24);
        ulong argument = (ulong)info;
        for (int i = 0; i < width; i++)
        {
            argument = i == 0 ? bytes[start + 1] : (argument << 8) | bytes[start + 1 + i];
        }

        int at = start + 1 + width;
        Item item = new(start, at, isKey, major == 6, []);
        items.Add(item);
        switch (major)
        {
            case 2 or 3:
                at += (int)argument;
                break;
            case 4:
                for (ulong i = 0; i < argument; i++)
                {
                    at = Walk(bytes, at, items, isKey: false);
                }

                break;
            case 5:
                for (ulong i = 0; i < argument; i++)
                {
                    int pair = at;
                    at = Walk(bytes, at, items, isKey: true);
                    at = Walk(bytes, at, items, isKey: false);
                    item.Pairs.Add((pair, at));
                }

                break;
            case 6:
                at += 2 + 1 + Cid.ByteLength;
                break;
            default:
                break;
        }

        item.End = at;
        return at;
    }

    private static byte[] Replace(byte[] bytes, int start, int end, byte[] with) => [.. bytes[..start], .. with, .. bytes[end..]];

    private sealed record Item(int Start, int Body, bool IsKey, bool IsLink, List<(int Start, int End)> Pairs)
    {
        public int End { get; set; }
    }
}
