namespace Pds.Domain.DataModel;

/// <summary>The kinds of values in the data model.</summary>
public enum DagCborKind
{
    /// <summary>An integer within ±(2^53 - 1).</summary>
    Integer,

    /// <summary>A byte string.</summary>
    Bytes,

    /// <summary>A text string in valid UTF-8.</summary>
    Text,

    /// <summary>An array.</summary>
    Array,

    /// <summary>A map with text keys.</summary>
    Map,

    /// <summary>A link: tag 42.</summary>
    Cid,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>Null.</summary>
    Null,
}
