using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Pds.Domain.DataModel;

internal partial struct DataJsonTranscoder
{
    /// <summary>Reads the string or property name that the reader stands on, unescaped, as a text.</summary>
    private void ReadText(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped && !reader.HasValueSequence)
        {
            WriteText(reader.ValueSpan);
            return;
        }

        int rawLength = reader.HasValueSequence ? checked((int)reader.ValueSequence.Length) : reader.ValueSpan.Length;
        byte[] rented = ArrayPool<byte>.Shared.Rent(Math.Max(rawLength, 1));
        try
        {
            Span<byte> raw = rented.AsSpan(0, rawLength);
            if (reader.HasValueSequence)
            {
                reader.ValueSequence.CopyTo(raw);
            }
            else
            {
                reader.ValueSpan.CopyTo(raw);
            }

            // Unescaping only shortens, so it may be done in place.
            int length = reader.ValueIsEscaped ? JsonUnescaping.InPlace(raw) : rawLength;
            WriteText(raw[..length]);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private void WriteText(ReadOnlySpan<byte> utf8)
    {
        if (!Utf8.IsValid(utf8))
        {
            throw new DataModelException("A string is not valid UTF-8.");
        }

        Reserve(DagCborHead.MaxLength + utf8.Length);
        _count += DagCborHead.Write(_bytes.AsSpan(_count), DagCborHead.Text, (ulong)utf8.Length);
        utf8.CopyTo(_bytes.AsSpan(_count));
        _count += utf8.Length;
    }

    private void ReadNumber(ref Utf8JsonReader reader)
    {
        if (!reader.TryGetInt64(out long value))
        {
            ReadOnlySpan<byte> text = reader.HasValueSequence ? reader.ValueSequence.ToArray() : reader.ValueSpan;
            if (!JsonInteger.TryParse(text, out value))
            {
                throw new DataModelException("Numbers must be integers within ±(2^53 - 1).");
            }
        }

        if (value is > DagCborLimits.MaxInteger or < -DagCborLimits.MaxInteger)
        {
            throw new DataModelException("Numbers must be integers within ±(2^53 - 1).");
        }

        Reserve(DagCborHead.MaxLength);
        _count += value >= 0
            ? DagCborHead.Write(_bytes.AsSpan(_count), DagCborHead.Unsigned, (ulong)value)
            : DagCborHead.Write(_bytes.AsSpan(_count), DagCborHead.Negative, (ulong)(-1 - value));
    }

    /// <summary>Reads the value of <c>$link</c> or <c>$bytes</c> and the end of its object.</summary>
    private void ReadSpecial(ref Utf8JsonReader reader, bool isLink)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            throw new DataModelException("The value of $link and $bytes must be a string.");
        }

        int start = _count;
        ReadText(ref reader);
        int head = DagCborHead.Read(_bytes.AsSpan(start), out _);
        int textStart = start + head;
        if (isLink)
        {
            if (!Cid.TryParseUtf8(_bytes.AsSpan(textStart, _count - textStart), out Cid cid))
            {
                throw new DataModelException("The value of $link must be a CID of version 1 in base32: dag-cbor or raw, sha2-256.");
            }

            _count = start;
            WriteLink(cid);
        }
        else
        {
            int length = DecodeBase64(_bytes.AsSpan(textStart, _count - textStart));
            int shorterHead = DagCborHead.LengthOf((ulong)length);
            _bytes.AsSpan(textStart, length).CopyTo(_bytes.AsSpan(start + shorterHead));
            DagCborHead.Write(_bytes.AsSpan(start), DagCborHead.Bytes, (ulong)length);
            _count = start + shorterHead + length;
        }

        if (Next(ref reader) != JsonTokenType.EndObject)
        {
            throw new DataModelException("$link and $bytes stand alone in an object of their own, which is a value and not a record.");
        }
    }

    private void WriteLink(Cid cid)
    {
        ReadOnlySpan<byte> head = DagCborHead.Link;
        Reserve(head.Length + Cid.ByteLength);
        head.CopyTo(_bytes.AsSpan(_count));
        cid.CopyTo(_bytes.AsSpan(_count + head.Length));
        _count += head.Length + Cid.ByteLength;
    }

    /// <summary>Decodes in place and gives the number of bytes. White space, which the decoder would skip, is refused.</summary>
    private readonly int DecodeBase64(Span<byte> text)
    {
        int padding = text.Length - text.TrimEnd((byte)'=').Length;
        int digits = text.Length - padding;
        int tail = digits % 4;
        bool isPadded = padding == 0 || (padding <= 2 && text.Length % 4 == 0);
        if (!isPadded || tail == 1 || text[..digits].ContainsAnyExcept(Base64Digits))
        {
            throw new DataModelException("The value of $bytes must be base64 with + and /.");
        }

        // The decoder wants padding, so the last group goes through a buffer of its own.
        Span<byte> last = [(byte)'A', (byte)'A', (byte)'=', (byte)'='];
        text.Slice(digits - tail, tail).CopyTo(last);
        int whole = digits - tail;
        OperationStatus status = Base64.DecodeFromUtf8InPlace(text[..whole], out int length);
        if (status != OperationStatus.Done)
        {
            throw new DataModelException("The value of $bytes must be base64 with + and /.");
        }

        if (tail > 0)
        {
            // The bits of the last digit that no byte takes say nothing, and others write what they like there; the decoder insists on zeros.
            ReadOnlySpan<byte> alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"u8;
            last[tail - 1] = alphabet[alphabet.IndexOf(last[tail - 1]) & (tail == 2 ? 0b110000 : 0b111100)];
            status = Base64.DecodeFromUtf8InPlace(last, out int more);
            if (status != OperationStatus.Done)
            {
                throw new DataModelException("The value of $bytes must be base64 with + and /.");
            }

            last[..more].CopyTo(text[length..]);
            length += more;
        }

        return length;
    }
}
