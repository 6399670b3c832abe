using System.Text;

namespace Pds.Domain.Lexicons;

/// <summary>Type <c>string</c>.</summary>
public sealed class StringSchema : LexiconSchema
{
    private readonly string? _const;
    private readonly IReadOnlyList<string>? _enum;

    /// <summary>The syntax the text must have. Formats that this version does not know are <see cref="StringFormat.None"/>.</summary>
    public StringFormat Format { get; init; }

    /// <summary>Fewest bytes of UTF-8.</summary>
    public long? MinLength { get; init; }

    /// <summary>Most bytes of UTF-8.</summary>
    public long? MaxLength { get; init; }

    /// <summary>Fewest extended grapheme clusters.</summary>
    public long? MinGraphemes { get; init; }

    /// <summary>Most extended grapheme clusters.</summary>
    public long? MaxGraphemes { get; init; }

    /// <summary>All values there are; with them nothing but <see cref="Const"/> counts.</summary>
    public IReadOnlyList<string>? Enum
    {
        get => _enum;
        init
        {
            _enum = value;
            EnumUtf8 = value is null ? null : Utf8(value);
        }
    }

    /// <summary>Values that are usual. They restrict nothing.</summary>
    public IReadOnlyList<string>? KnownValues { get; init; }

    /// <summary>The only value there is; with it nothing else counts.</summary>
    public string? Const
    {
        get => _const;
        init
        {
            _const = value;
            ConstUtf8 = value is null ? null : Encoding.UTF8.GetBytes(value);
        }
    }

    /// <summary>What an absent parameter stands for. Records are never completed with it.</summary>
    public string? Default { get; init; }

    internal byte[][]? EnumUtf8 { get; private init; }

    internal byte[]? ConstUtf8 { get; private init; }
}
