using System.Text;
using Pds.Domain.DataModel;

namespace Pds.Domain.Lexicons;

/// <summary>One walk through a record. On a fault the walk returns at once and the path is put together on the way back.</summary>
internal ref partial struct RecordWalk
{
    private readonly ILexiconSource _lexicons;
    private DagCborReader _reader;
    private string? _message;
    private string _path;

    public RecordWalk(ReadOnlySpan<byte> cbor, ILexiconSource lexicons)
    {
        _lexicons = lexicons;
        _reader = new(cbor);
        _path = "";
    }

    /// <summary>Walks the whole record.</summary>
    public LexiconFault? Run(RecordSchema schema) =>
        Record(schema, DagCborLimits.MaxDepth) ? null : new LexiconFault($"record{_path}", _message!);

    /// <summary>Walks the whole of an object that is not a record.</summary>
    public LexiconFault? Run(ObjectSchema schema, string name) =>
        Object(schema, type: default, needsType: false, DagCborLimits.MaxDepth) ? null : new LexiconFault(name + _path, _message!);

    private bool Value(LexiconSchema schema, int depth) => schema switch
    {
        StringSchema text => Text(text),
        RefSchema reference => Reference(reference, depth),
        IntegerSchema integer => Integer(integer),
        ObjectSchema map => Object(map, type: default, needsType: false, depth),
        ArraySchema array => Array(array, depth),
        UnionSchema union => Union(union, depth),
        BooleanSchema boolean => Boolean(boolean),
        BlobSchema blob => Blob(blob),
        BytesSchema bytes => Bytes(bytes),
        CidLinkSchema => Link(),
        UnknownSchema => Unknown(),
        TokenSchema token => Token(token),
        RecordSchema record => Record(record, depth),
        _ => Fail("is of a type that records cannot hold"),
    };

    private bool Record(RecordSchema schema, int depth) => Object(schema.Content, schema.TypeUtf8, needsType: true, depth);

    private bool Reference(RefSchema schema, int depth) => _lexicons.Find(schema.Target) switch
    {
        null => Fail($"is of the type {schema.Target}, which is not known"),
        ObjectSchema map => Object(map, schema.TargetUtf8, needsType: false, depth),
        { } other => Value(other, depth),
    };

    /// <summary>Keys of the map and fields of the schema stand in the same order.</summary>
    private bool Object(ObjectSchema schema, ReadOnlySpan<byte> type, bool needsType, int depth)
    {
        if (_reader.Peek() != DagCborKind.Map)
        {
            return Fail("must be an object");
        }

        if (depth == 0)
        {
            return Fail("is nested too deeply");
        }

        LexiconProperty[] properties = schema.Sorted;
        int next = 0;
        ReadOnlySpan<byte> key = default;
        for (int left = _reader.ReadMapHeader(); left > 0; left--)
        {
            key = _reader.ReadKey(key);
            int order = -1;
            while (next < properties.Length && (order = DagCborKey.Compare(properties[next].NameUtf8, key)) < 0)
            {
                if (!MayLack(properties[next++]))
                {
                    return false;
                }
            }

            if (!type.IsEmpty && key.SequenceEqual(DataShape.TypeKey))
            {
                if (!HasType(type))
                {
                    return false;
                }

                needsType = false;
            }

            if (next == properties.Length || order != 0)
            {
                _reader.Skip();
            }
            else if (!Property(properties[next++], depth - 1))
            {
                return false;
            }
        }

        while (next < properties.Length)
        {
            if (!MayLack(properties[next++]))
            {
                return false;
            }
        }

        return !needsType || FailAt("$type", "is missing");
    }

    private bool Property(LexiconProperty property, int depth) =>
        (property.IsNullable && _reader.TryReadNull()) || Value(property.Schema, depth) || Under($".{property.Name}");

    private bool MayLack(LexiconProperty property) => !property.IsRequired || FailAt(property.Name, "is missing");

    private bool HasType(ReadOnlySpan<byte> expected)
    {
        DagCborReader ahead = _reader;
        return (ahead.Peek() == DagCborKind.Text && ahead.ReadTextUtf8().SequenceEqual(expected))
            || FailAt("$type", $"must be {Encoding.UTF8.GetString(expected)}");
    }

    private bool Array(ArraySchema schema, int depth)
    {
        if (_reader.Peek() != DagCborKind.Array)
        {
            return Fail("must be an array");
        }

        if (depth == 0)
        {
            return Fail("is nested too deeply");
        }

        int count = _reader.ReadArrayHeader();
        if (count < schema.MinLength)
        {
            return Fail($"must have at least {Amount(schema.MinLength, "item")}");
        }

        if (count > schema.MaxLength)
        {
            return Fail($"must have at most {Amount(schema.MaxLength, "item")}");
        }

        for (int i = 0; i < count; i++)
        {
            if (!Value(schema.Items, depth - 1))
            {
                return Under($"[{i}]");
            }
        }

        return true;
    }

    private bool Union(UnionSchema schema, int depth)
    {
        if (_reader.Peek() != DagCborKind.Map)
        {
            return Fail("must be an object");
        }

        if (!TryPeekType(out ReadOnlySpan<byte> type))
        {
            return Fail("must have a $type");
        }

        for (int i = 0; i < schema.TargetsUtf8.Length; i++)
        {
            if (type.SequenceEqual(schema.TargetsUtf8[i]))
            {
                return _lexicons.Find(schema.Targets[i]) is { } member
                    ? Value(member, depth)
                    : Fail($"is of the type {schema.Targets[i]}, which is not known");
            }
        }

        if (schema.IsClosed)
        {
            return Fail("has a $type that is not allowed here");
        }

        // A main definition goes by its NSID alone; the long name is how some have got around its checks.
        if (type.IsEmpty || type.EndsWith("#main"u8))
        {
            return Fail("has a $type that is not a type's name");
        }

        _reader.Skip();
        return true;
    }

    private bool Unknown()
    {
        if (_reader.Peek() != DagCborKind.Map || (TryPeekType(out ReadOnlySpan<byte> type) && type.SequenceEqual(DataShape.BlobType)))
        {
            return Fail("must be an object that is not a blob");
        }

        _reader.Skip();
        return true;
    }

    private readonly bool TryPeekType(out ReadOnlySpan<byte> type)
    {
        DagCborReader ahead = _reader;
        ReadOnlySpan<byte> key = default;
        for (int left = ahead.ReadMapHeader(); left > 0; left--)
        {
            key = ahead.ReadKey(key);
            int order = DagCborKey.Compare(key, DataShape.TypeKey);
            if (order >= 0)
            {
                bool isType = order == 0 && ahead.Peek() == DagCborKind.Text;
                type = isType ? ahead.ReadTextUtf8() : default;
                return isType;
            }

            ahead.Skip();
        }

        type = default;
        return false;
    }

    private static string Amount(long? count, string unit) => count == 1 ? $"1 {unit}" : $"{count} {unit}s";

    private bool Fail(string message)
    {
        _message = message;
        return false;
    }

    private bool FailAt(string name, string message)
    {
        _path = $".{name}";
        return Fail(message);
    }

    private bool Under(string step)
    {
        _path = step + _path;
        return false;
    }
}
