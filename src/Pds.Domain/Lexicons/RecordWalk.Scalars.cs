using Pds.Domain.DataModel;

namespace Pds.Domain.Lexicons;

/// <summary>Values without values in them, and blobs.</summary>
internal ref partial struct RecordWalk
{
    private const int BlobPairs = 4;

    private bool Text(StringSchema schema)
    {
        if (_reader.Peek() != DagCborKind.Text)
        {
            return Fail("must be a string");
        }

        ReadOnlySpan<byte> utf8 = _reader.ReadTextUtf8();
        if (schema.ConstUtf8 is { } only)
        {
            return utf8.SequenceEqual(only) || Fail($"must be \"{schema.Const}\"");
        }

        if (schema.EnumUtf8 is { } values)
        {
            return IsAmong(utf8, values) || Fail($"must be one of \"{string.Join("\", \"", schema.Enum!)}\"");
        }

        if (utf8.Length < schema.MinLength)
        {
            return Fail($"must have at least {Amount(schema.MinLength, "byte")}");
        }

        if (utf8.Length > schema.MaxLength)
        {
            return Fail($"must have at most {Amount(schema.MaxLength, "byte")}");
        }

        if (schema.MinGraphemes is not null && !Graphemes.AreWithin(utf8, schema.MinGraphemes, max: null))
        {
            return Fail($"must have at least {Amount(schema.MinGraphemes, "character")}");
        }

        if (schema.MaxGraphemes is not null && !Graphemes.AreWithin(utf8, min: null, schema.MaxGraphemes))
        {
            return Fail($"must have at most {Amount(schema.MaxGraphemes, "character")}");
        }

        return StringFormats.IsValid(schema.Format, utf8) || Fail($"must be {StringFormats.Describe(schema.Format)}");
    }

    private bool Integer(IntegerSchema schema)
    {
        if (_reader.Peek() != DagCborKind.Integer)
        {
            return Fail("must be an integer");
        }

        long value = _reader.ReadInteger();
        if (schema.Const is { } only)
        {
            return value == only || Fail($"must be {only}");
        }

        if (schema.Enum is { } values)
        {
            return values.Contains(value) || Fail($"must be one of {string.Join(", ", values)}");
        }

        if (value < schema.Minimum)
        {
            return Fail($"must be at least {schema.Minimum}");
        }

        return !(value > schema.Maximum) || Fail($"must be at most {schema.Maximum}");
    }

    private bool Boolean(BooleanSchema schema)
    {
        if (_reader.Peek() != DagCborKind.Boolean)
        {
            return Fail("must be a boolean");
        }

        bool value = _reader.ReadBoolean();
        return schema.Const is not { } only || value == only || Fail(only ? "must be true" : "must be false");
    }

    private bool Bytes(BytesSchema schema)
    {
        if (_reader.Peek() != DagCborKind.Bytes)
        {
            return Fail("must be bytes");
        }

        int length = _reader.ReadBytes().Length;
        if (length < schema.MinLength)
        {
            return Fail($"must have at least {Amount(schema.MinLength, "byte")}");
        }

        return !(length > schema.MaxLength) || Fail($"must have at most {Amount(schema.MaxLength, "byte")}");
    }

    private bool Link()
    {
        if (_reader.Peek() != DagCborKind.Cid)
        {
            return Fail("must be a link");
        }

        _reader.ReadCid();
        return true;
    }

    private bool Token(TokenSchema schema) =>
        (_reader.Peek() == DagCborKind.Text && _reader.ReadTextUtf8().SequenceEqual(schema.NameUtf8)) || Fail($"must be \"{schema.Name}\"");

    private bool Blob(BlobSchema schema)
    {
        DagCborReader ahead = _reader;
        if (ahead.Peek() != DagCborKind.Map
            || ahead.ReadMapHeader() != BlobPairs
            || !DataShape.TryReadBlob(ref ahead, out Cid cid, out ReadOnlySpan<byte> mimeType, out long size)
            || size < 0
            || !mimeType.Contains((byte)'/'))
        {
            return Fail("must be a blob");
        }

        _reader = ahead;
        if (cid.Codec != CidCodec.Raw)
        {
            return FailAt("ref", "must be the CID of raw bytes");
        }

        if (schema.Accept is { } accept && !IsAccepted(mimeType, schema.AcceptUtf8))
        {
            return FailAt("mimeType", $"must be one of {string.Join(", ", accept)}");
        }

        return !(size > schema.MaxSize) || FailAt("size", $"must be at most {schema.MaxSize}");
    }

    private static bool IsAccepted(ReadOnlySpan<byte> mimeType, byte[][] accept)
    {
        foreach (byte[] pattern in accept)
        {
            ReadOnlySpan<byte> wanted = pattern;
            if (wanted.SequenceEqual("*/*"u8)
                || mimeType.SequenceEqual(wanted)
                || (wanted.EndsWith("/*"u8) && mimeType.StartsWith(wanted[..^1])))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsAmong(ReadOnlySpan<byte> utf8, byte[][] values)
    {
        foreach (byte[] value in values)
        {
            if (utf8.SequenceEqual(value))
            {
                return true;
            }
        }

        return false;
    }
}
