using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using Pds.Domain.Identifiers;

namespace Pds.Domain.Repositories;

/// <summary>Where a record lies within its repository: <c>collection/rkey</c>, the key of the tree.</summary>
/// <remarks>
/// The text is made once, with the value, and handed out again by <see cref="ToString"/>: a write needs it for the tree, the proof, the
/// event and the index. It is ASCII of at most 830 characters, so ordinal order is byte order and every path is a legal key of the tree
/// (at most 1024 bytes). The default value has no parts and prints as the empty text.
/// <para>Source: <see href="https://atproto.com/specs/repository"/></para>
/// </remarks>
[JsonConverter(typeof(TextConverter<RecordPath>))]
public readonly record struct RecordPath : IComparable<RecordPath>, IParsable<RecordPath>
{
    private readonly string? _text;

    /// <summary>Composes a path from its halves.</summary>
    /// <exception cref="InvalidOperationException">A half is the default value.</exception>
    public RecordPath(Nsid collection, RecordKey key)
        : this(collection, key, string.Concat(collection.Text, "/", key.Text))
    {
    }

    private RecordPath(Nsid collection, RecordKey key, string text)
    {
        Collection = collection;
        Key = key;
        _text = text;
    }

    /// <summary>The half before the slash.</summary>
    public Nsid Collection { get; }

    /// <summary>The half after the slash.</summary>
    public RecordKey Key { get; }

    /// <summary>Reads <c>collection/rkey</c>; both halves must be syntactically valid.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out RecordPath path)
    {
        int slash = text is null ? -1 : text.IndexOf('/', StringComparison.Ordinal);
        if (slash > 0 && Nsid.TryParse(text![..slash], out Nsid collection) && RecordKey.TryParse(text[(slash + 1)..], out RecordKey key))
        {
            path = new RecordPath(collection, key, text);
            return true;
        }

        path = default;
        return false;
    }

    /// <summary>Reads <c>collection/rkey</c>.</summary>
    /// <exception cref="FormatException">A half is missing or not valid.</exception>
    public static RecordPath Parse(string text) => TryParse(text, out RecordPath path) ? path : throw new FormatException("Not a record path.");

    static RecordPath IParsable<RecordPath>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<RecordPath>.TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out RecordPath result) => TryParse(s, out result);

    /// <summary>Splits the path into its halves.</summary>
    public void Deconstruct(out Nsid collection, out RecordKey key)
    {
        collection = Collection;
        key = Key;
    }

    /// <summary>Order of the tree: by bytes of the whole path.</summary>
    public int CompareTo(RecordPath other) => string.CompareOrdinal(_text, other._text);

    /// <summary>Whether both name the same record.</summary>
    public bool Equals(RecordPath other) => string.Equals(_text, other._text, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override int GetHashCode() => _text is null ? 0 : string.GetHashCode(_text, StringComparison.Ordinal);

    /// <summary>The text <c>collection/rkey</c>, always the same string; empty for the default value.</summary>
    public override string ToString() => _text ?? "";
}
