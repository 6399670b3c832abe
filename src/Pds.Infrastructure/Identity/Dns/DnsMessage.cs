using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Pds.Infrastructure.Identity.Dns;

/// <summary>Writes a question for TXT records and reads what comes back.</summary>
/// <remarks>
/// Source: RFC 1035, RFC 6891 (EDNS0). Only the answer section is read: what stands after it cannot change the result.
/// </remarks>
internal static class DnsMessage
{
    /// <summary>Longest datagram that this client announces, in bytes: fits any path without fragments.</summary>
    public const int MaxDatagram = 1232;

    private const int HeaderLength = 12;
    private const ushort TypeCname = 5;
    private const ushort TypeTxt = 16;
    private const ushort TypeOpt = 41;
    private const ushort ClassInternet = 1;
    private const int MaxAliases = 8;

    /// <summary>Writes a recursive query for the TXT records of a name.</summary>
    /// <param name="id">Message id.</param>
    /// <param name="name">ASCII, labels parted by dots, no dot at the end.</param>
    /// <param name="edns">Whether to announce <see cref="MaxDatagram"/>; a few old servers refuse that.</param>
    /// <returns>The message, or <see langword="null"/> when the name does not fit the DNS.</returns>
    public static byte[]? WriteTxtQuery(ushort id, string name, bool edns)
    {
        if (!TryWriteName(name, out byte[]? encoded))
        {
            return null;
        }

        byte[] message = new byte[HeaderLength + encoded.Length + 4 + (edns ? 11 : 0)];
        BinaryPrimitives.WriteUInt16BigEndian(message, id);
        message[2] = 0x01; // recursion desired
        message[5] = 1;    // one question
        encoded.CopyTo(message, HeaderLength);
        Span<byte> rest = message.AsSpan(HeaderLength + encoded.Length);
        BinaryPrimitives.WriteUInt16BigEndian(rest, TypeTxt);
        BinaryPrimitives.WriteUInt16BigEndian(rest[2..], ClassInternet);
        if (edns)
        {
            message[11] = 1; // one additional record: the root name, OPT, and the datagram size in the place of the class
            BinaryPrimitives.WriteUInt16BigEndian(rest[5..], TypeOpt);
            BinaryPrimitives.WriteUInt16BigEndian(rest[7..], MaxDatagram);
        }

        return message;
    }

    /// <summary>Reads the answer to <see cref="WriteTxtQuery"/>. Never throws.</summary>
    /// <param name="message">The whole message.</param>
    /// <param name="id">The id asked with.</param>
    /// <param name="name">The name asked for.</param>
    /// <param name="answer">The answer, aliases followed.</param>
    /// <returns><see langword="false"/> when the message is malformed or answers something else: to be dropped.</returns>
    public static bool TryReadTxtAnswer(ReadOnlySpan<byte> message, ushort id, string name, [NotNullWhen(true)] out DnsAnswer? answer)
    {
        answer = null;
        if (message.Length < HeaderLength || BinaryPrimitives.ReadUInt16BigEndian(message) != id || (message[2] & 0xF8) != 0x80)
        {
            return false; // another's, not a response, or not to a standard query
        }

        bool truncated = (message[2] & 0x02) != 0;
        var code = (DnsCode)(message[3] & 0x0F);
        int questions = BinaryPrimitives.ReadUInt16BigEndian(message[4..]);
        int answers = BinaryPrimitives.ReadUInt16BigEndian(message[6..]);
        int position = HeaderLength;
        if (questions == 0 && code is DnsCode.FormatError or DnsCode.NotImplemented)
        {
            answer = new(code, truncated, []); // a server that could not read the question need not repeat it
            return true;
        }

        if (questions != 1 || !TryReadName(message, ref position, out string? asked) || !SameName(asked, name)
            || !TryReadUInt16(message, ref position, out ushort type) || type != TypeTxt
            || !TryReadUInt16(message, ref position, out ushort @class) || @class != ClassInternet)
        {
            return false;
        }

        if (truncated)
        {
            answer = new(code, IsTruncated: true, []); // may end anywhere, so it is asked again
            return true;
        }

        if (!TryReadRecords(message, position, answers, out List<DnsRecord>? records))
        {
            return false;
        }

        answer = new(code, IsTruncated: false, TextsOf(name, records));
        return true;
    }

    private static List<string> TextsOf(string name, List<DnsRecord> records)
    {
        for (int i = 0; i < MaxAliases && records.Find(r => r.Alias is not null && SameName(r.Name, name)) is { } alias; i++)
        {
            name = alias.Alias!;
        }

        return [.. records.Where(r => r.Text is not null && SameName(r.Name, name)).Select(r => r.Text!)];
    }

    private static bool TryReadRecords(ReadOnlySpan<byte> message, int position, int count, [NotNullWhen(true)] out List<DnsRecord>? records)
    {
        records = null;
        List<DnsRecord> read = [];
        for (int i = 0; i < count; i++)
        {
            if (!TryReadName(message, ref position, out string? name) || !TryReadUInt16(message, ref position, out ushort type)
                || !TryReadUInt16(message, ref position, out ushort @class) || message.Length - position < 4)
            {
                return false;
            }

            position += 4; // time to live: our cache has its own
            if (!TryReadUInt16(message, ref position, out ushort length) || message.Length - position < length)
            {
                return false;
            }

            int end = position + length;
            if (@class == ClassInternet && type == TypeTxt)
            {
                if (!TryReadText(message[position..end], out string? text))
                {
                    return false;
                }

                read.Add(new(name, text, Alias: null));
            }
            else if (@class == ClassInternet && type == TypeCname)
            {
                int at = position;
                if (!TryReadName(message, ref at, out string? target) || at != end)
                {
                    return false;
                }

                read.Add(new(name, Text: null, target));
            }

            position = end;
        }

        records = read;
        return true;
    }

    // One TXT record is a row of length-prefixed chunks that belong together.
    private static bool TryReadText(ReadOnlySpan<byte> data, [NotNullWhen(true)] out string? text)
    {
        text = null;
        var joined = new StringBuilder(data.Length);
        while (!data.IsEmpty)
        {
            int length = data[0];
            if (data.Length <= length)
            {
                return false;
            }

            joined.Append(Encoding.Latin1.GetString(data.Slice(1, length)));
            data = data[(1 + length)..];
        }

        text = joined.ToString();
        return true;
    }

    // A pointer must lead before the part of the name read so far, so a name ends however it is written.
    private static bool TryReadName(ReadOnlySpan<byte> message, ref int position, [NotNullWhen(true)] out string? name)
    {
        name = null;
        var text = new StringBuilder();
        int at = position;
        int lowest = position;
        bool jumped = false;
        while (at < message.Length)
        {
            int length = message[at];
            if (length == 0)
            {
                position = jumped ? position : at + 1;
                name = text.ToString();
                return true;
            }

            if ((length & 0xC0) == 0xC0)
            {
                if (at + 1 >= message.Length)
                {
                    return false;
                }

                int target = ((length & 0x3F) << 8) | message[at + 1];
                if (target >= lowest)
                {
                    return false;
                }

                position = jumped ? position : at + 2;
                jumped = true;
                lowest = at = target;
                continue;
            }

            if (length > 63 || at + 1 + length > message.Length || text.Length + length > 253)
            {
                return false;
            }

            text.Append(text.Length == 0 ? "" : ".").Append(Encoding.Latin1.GetString(message.Slice(at + 1, length)));
            at += 1 + length;
        }

        return false;
    }

    private static bool TryWriteName(string name, [NotNullWhen(true)] out byte[]? encoded)
    {
        encoded = null;
        if (name.Length is 0 or > 253 || !Ascii.IsValid(name))
        {
            return false;
        }

        byte[] bytes = new byte[name.Length + 2];
        int position = 0;
        foreach (string label in name.Split('.'))
        {
            if (label.Length is 0 or > 63)
            {
                return false;
            }

            bytes[position++] = (byte)label.Length;
            position += Encoding.ASCII.GetBytes(label, bytes.AsSpan(position));
        }

        encoded = bytes;
        return true;
    }

    private static bool TryReadUInt16(ReadOnlySpan<byte> message, ref int position, out ushort value)
    {
        if (message.Length - position < 2)
        {
            value = 0;
            return false;
        }

        value = BinaryPrimitives.ReadUInt16BigEndian(message[position..]);
        position += 2;
        return true;
    }

    private static bool SameName(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);

    private sealed record DnsRecord(string Name, string? Text, string? Alias);
}

/// <summary>What a name server answered.</summary>
/// <param name="Code">How it went.</param>
/// <param name="IsTruncated">The answer did not fit a datagram; it has to be asked for by TCP.</param>
/// <param name="Texts">The TXT records, the chunks of each joined.</param>
internal sealed record DnsAnswer(DnsCode Code, bool IsTruncated, IReadOnlyList<string> Texts);

/// <summary>Response codes that make a difference.</summary>
internal enum DnsCode
{
    /// <summary>The name exists, with or without TXT records.</summary>
    Success = 0,

    /// <summary>The server could not read the question.</summary>
    FormatError = 1,

    /// <summary>There is no such name.</summary>
    NoSuchName = 3,

    /// <summary>The server does not do that.</summary>
    NotImplemented = 4,
}
