using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;

namespace Pds.Domain.Lexicons;

/// <summary>Judges records by their lexicon, as strictly as new records deserve.</summary>
/// <remarks>
/// The canonical DAG-CBOR is walked as it lies; nothing is allocated unless something is wrong. Fields that the lexicon does not know are
/// allowed, defaults are not filled in, and known values restrict nothing.
/// <para>Source: <see href="https://atproto.com/specs/lexicon"/> and <see href="https://atproto.com/guides/data-validation"/></para>
/// </remarks>
public static class RecordCheck
{
    /// <summary>Checks a record, its <c>$type</c> included.</summary>
    /// <param name="schema">What the record must be.</param>
    /// <param name="record">The record.</param>
    /// <param name="lexicons">Has the definitions that the schema refers to.</param>
    /// <returns>The first fault found, or <see langword="null"/>.</returns>
    public static LexiconFault? Check(RecordSchema schema, DataMap record, ILexiconSource lexicons) =>
        new RecordWalk(record.Cbor.Span, lexicons).Run(schema);

    /// <summary>Checks an object that is not a record, such as the input of a method.</summary>
    /// <param name="schema">What the object must be.</param>
    /// <param name="value">The object.</param>
    /// <param name="name">What the path of a fault begins with.</param>
    /// <param name="lexicons">Has the definitions that the schema refers to.</param>
    /// <returns>The first fault found, or <see langword="null"/>.</returns>
    public static LexiconFault? Check(ObjectSchema schema, DataMap value, string name, ILexiconSource lexicons) =>
        new RecordWalk(value.Cbor.Span, lexicons).Run(schema, name);

    /// <summary>Checks a record key.</summary>
    /// <returns>What is wrong with it, or <see langword="null"/>.</returns>
    public static LexiconFault? CheckKey(RecordSchema schema, RecordKey key) =>
        schema.Key.Accepts(key) ? null : new LexiconFault("rkey", $"must be {schema.Key.Describe()}");
}

/// <summary>Where a record breaks its lexicon, and how.</summary>
/// <param name="Path">Such as <c>record.embed.images[0].alt</c> or <c>input.subject</c>; made of names in the lexicon only.</param>
/// <param name="Message">A sentence without its subject, which is the path: <c>must be a string</c>.</param>
public sealed record LexiconFault(string Path, string Message)
{
    /// <summary>Path and message.</summary>
    public override string ToString() => $"{Path} {Message}";
}
