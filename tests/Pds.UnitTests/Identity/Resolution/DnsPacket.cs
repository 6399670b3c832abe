using System.Text;

namespace Pds.UnitTests.Identity.Resolution;

/// <summary>Writes DNS answers, good and bad ones.</summary>
internal static class DnsPacket
{
    public static byte[] Name(string name) =>
        [.. name.Split('.').SelectMany(label => new byte[] { (byte)label.Length }.Concat(Encoding.ASCII.GetBytes(label))), 0];

    public static byte[] Txt(byte[] owner, params string[] chunks) =>
        Record(owner, type: 16, [.. chunks.SelectMany(chunk => new byte[] { (byte)chunk.Length }.Concat(Encoding.ASCII.GetBytes(chunk)))]);

    public static byte[] Cname(byte[] owner, byte[] target) => Record(owner, type: 5, target);

    public static byte[] Record(byte[] owner, byte type, byte[] data) =>
        [.. owner, 0, type, 0, 1, 0, 0, 0, 60, (byte)(data.Length >> 8), (byte)data.Length, .. data];

    public static byte[] Answer(ReadOnlySpan<byte> query, int code = 0, bool truncated = false, params byte[][] records)
    {
        int end = 12;
        while (query[end] != 0)
        {
            end += query[end] + 1;
        }

        return
        [
            query[0], query[1], (byte)(truncated ? 0x83 : 0x81), (byte)(0x80 | code), 0, 1, 0, (byte)records.Length, 0, 0, 0, 0,
            .. query[12..(end + 5)], .. records.SelectMany(record => record),
        ];
    }

    /// <summary>A pointer to the name in the question.</summary>
    public static byte[] Asked => [0xC0, 12];
}
