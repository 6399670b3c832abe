using Pds.Domain.DataModel;

namespace Pds.Domain.Repositories;

/// <summary>What a caller demands of the current version of a record before it is written: the three states of <c>swapRecord</c>.</summary>
/// <remarks>
/// Absent is <see cref="Any"/>, the default value; <c>null</c> is <see cref="MustNotExist"/>; a CID is <see cref="MustBe"/>.
/// The reference server treats <c>null</c> as absent in deleteRecord; a caller who wants that maps it so.
/// </remarks>
public readonly record struct RecordSwap
{
    private readonly bool _isChecked;
    private readonly Cid? _expected;

    private RecordSwap(Cid? expected)
    {
        _isChecked = true;
        _expected = expected;
    }

    /// <summary>Demands nothing.</summary>
    public static RecordSwap Any => default;

    /// <summary>Demands that there is no such record.</summary>
    public static RecordSwap MustNotExist { get; } = new(expected: null);

    /// <summary>Demands that the record exists in exactly this version.</summary>
    public static RecordSwap MustBe(Cid expected) => new(expected);

    /// <summary>Whether the demand is met.</summary>
    /// <param name="current">CID of the current version; <see langword="null"/> when there is none.</param>
    public bool Accepts(Cid? current) => !_isChecked || _expected == current;
}
