using System.Text;
using Pds.Domain.DataModel;

namespace Pds.Domain.Lexicons;

/// <summary>Type <c>object</c>, or the parameters of a method. Fields beyond these are always allowed.</summary>
public sealed class ObjectSchema : LexiconSchema
{
    internal ObjectSchema(IEnumerable<LexiconProperty> properties)
    {
        LexiconProperty[] sorted = [.. properties];
        Array.Sort(sorted, (a, b) => DagCborKey.Compare(a.NameUtf8, b.NameUtf8));
        Sorted = sorted;
    }

    /// <summary>The fields, in the order of DAG-CBOR: shorter names first.</summary>
    public IReadOnlyList<LexiconProperty> Properties => Sorted;

    /// <summary>In the order in which maps hold their keys, so that both are walked side by side.</summary>
    internal LexiconProperty[] Sorted { get; }
}

/// <summary>A field of an object.</summary>
public sealed class LexiconProperty
{
    internal LexiconProperty(string name, LexiconSchema schema, bool isRequired, bool isNullable)
    {
        Name = name;
        NameUtf8 = Encoding.UTF8.GetBytes(name);
        Schema = schema;
        IsRequired = isRequired;
        IsNullable = isNullable;
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>What it holds.</summary>
    public LexiconSchema Schema { get; }

    /// <summary>Whether it must be there.</summary>
    public bool IsRequired { get; }

    /// <summary>Whether it may be null.</summary>
    public bool IsNullable { get; }

    internal byte[] NameUtf8 { get; }
}
