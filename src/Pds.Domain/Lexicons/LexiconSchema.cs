using System.Text;
using Pds.Domain.Identifiers;

namespace Pds.Domain.Lexicons;

/// <summary>One type of the Lexicon language: a definition, or the type of a field within one. Immutable.</summary>
/// <remarks>Source: <see href="https://atproto.com/specs/lexicon"/></remarks>
public abstract class LexiconSchema
{
    private protected LexiconSchema()
    {
    }

    private protected static byte[][] Utf8(IReadOnlyList<string>? texts) => texts is null ? [] : [.. texts.Select(Encoding.UTF8.GetBytes)];
}

/// <summary>Type <c>boolean</c>.</summary>
public sealed class BooleanSchema : LexiconSchema
{
    /// <summary>The only value there is; <see langword="null"/> allows both.</summary>
    public bool? Const { get; init; }

    /// <summary>What an absent parameter stands for. Records are never completed with it.</summary>
    public bool? Default { get; init; }
}

/// <summary>Type <c>integer</c>, within ±(2^53 - 1).</summary>
public sealed class IntegerSchema : LexiconSchema
{
    /// <summary>The smallest value, inclusive.</summary>
    public long? Minimum { get; init; }

    /// <summary>The largest value, inclusive.</summary>
    public long? Maximum { get; init; }

    /// <summary>All values there are; with them the bounds do not count.</summary>
    public IReadOnlyList<long>? Enum { get; init; }

    /// <summary>The only value there is; with it nothing else counts.</summary>
    public long? Const { get; init; }

    /// <summary>What an absent parameter stands for. Records are never completed with it.</summary>
    public long? Default { get; init; }
}

/// <summary>Type <c>bytes</c>.</summary>
public sealed class BytesSchema : LexiconSchema
{
    /// <summary>Fewest bytes.</summary>
    public long? MinLength { get; init; }

    /// <summary>Most bytes.</summary>
    public long? MaxLength { get; init; }
}

/// <summary>Type <c>cid-link</c>.</summary>
public sealed class CidLinkSchema : LexiconSchema;

/// <summary>Type <c>unknown</c>: any map that is not a blob.</summary>
public sealed class UnknownSchema : LexiconSchema;

/// <summary>Type <c>token</c>: a constant that appears in data as its own name.</summary>
public sealed class TokenSchema : LexiconSchema
{
    internal TokenSchema(string name)
    {
        Name = name;
        NameUtf8 = Encoding.UTF8.GetBytes(name);
    }

    /// <summary>The full name, <c>nsid#name</c> or <c>nsid</c>.</summary>
    public string Name { get; }

    internal byte[] NameUtf8 { get; }
}

/// <summary>Type <c>blob</c>.</summary>
public sealed class BlobSchema : LexiconSchema
{
    internal BlobSchema(IReadOnlyList<string>? accept, long? maxSize)
    {
        Accept = accept;
        AcceptUtf8 = Utf8(accept);
        MaxSize = maxSize;
    }

    /// <summary>Media types, each <c>type/subtype</c>, <c>type/*</c> or <c>*/*</c>, compared by case; <see langword="null"/> allows all.</summary>
    public IReadOnlyList<string>? Accept { get; }

    /// <summary>Largest size in bytes.</summary>
    public long? MaxSize { get; }

    internal byte[][] AcceptUtf8 { get; }
}

/// <summary>Type <c>array</c>.</summary>
public sealed class ArraySchema : LexiconSchema
{
    /// <summary>The type of every item.</summary>
    public required LexiconSchema Items { get; init; }

    /// <summary>Fewest items.</summary>
    public long? MinLength { get; init; }

    /// <summary>Most items.</summary>
    public long? MaxLength { get; init; }
}

/// <summary>Type <c>ref</c>: stands for a definition, here or in another lexicon.</summary>
public sealed class RefSchema : LexiconSchema
{
    internal RefSchema(string target)
    {
        Target = target;
        TargetUtf8 = Encoding.UTF8.GetBytes(target);
    }

    /// <summary>The full name of the definition, <c>nsid#name</c> or <c>nsid</c>.</summary>
    public string Target { get; }

    internal byte[] TargetUtf8 { get; }
}

/// <summary>Type <c>union</c>: one of several objects or records, told apart by <c>$type</c>.</summary>
public sealed class UnionSchema : LexiconSchema
{
    internal UnionSchema(IReadOnlyList<string> targets, bool isClosed)
    {
        Targets = targets;
        TargetsUtf8 = Utf8(targets);
        IsClosed = isClosed;
    }

    /// <summary>The full names of the members, <c>nsid#name</c> or <c>nsid</c>.</summary>
    public IReadOnlyList<string> Targets { get; }

    /// <summary>Whether nothing but the members is allowed. An open union takes any map with a <c>$type</c>.</summary>
    public bool IsClosed { get; }

    internal byte[][] TargetsUtf8 { get; }
}

/// <summary>Type <c>record</c>: what a collection holds.</summary>
public sealed class RecordSchema : LexiconSchema
{
    internal RecordSchema(Nsid collection, LexiconKey key, ObjectSchema content)
    {
        Collection = collection;
        Key = key;
        Content = content;
        TypeUtf8 = Encoding.UTF8.GetBytes(collection.ToString());
    }

    /// <summary>The collection, and the <c>$type</c> of its records.</summary>
    public Nsid Collection { get; }

    /// <summary>What record keys may be.</summary>
    public LexiconKey Key { get; }

    /// <summary>The fields.</summary>
    public ObjectSchema Content { get; }

    internal byte[] TypeUtf8 { get; }
}
