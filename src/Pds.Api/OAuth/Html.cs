using System.Net;
using System.Runtime.CompilerServices;
using System.Text;

namespace Pds.Api.OAuth;

/// <summary>A piece of HTML. It is made from interpolated strings, whose values are encoded: text cannot become markup by mistake.</summary>
/// <param name="Text">The markup.</param>
internal readonly record struct Html(string Text)
{
    public static readonly Html Empty = new("");

    /// <summary>Markup with values in it.</summary>
    public static Html Of(HtmlWriter markup) => new(markup.ToString());

    /// <summary>Pieces one after the other.</summary>
    public static Html Join(IEnumerable<Html> pieces) => new(string.Concat(pieces.Select(piece => piece.Text)));

    public override string ToString() => Text;
}

/// <summary>Receives the parts of an interpolated string: markup as it is, values encoded, pieces of HTML as they are.</summary>
[InterpolatedStringHandler]
internal readonly ref struct HtmlWriter
{
    private readonly StringBuilder _text;

    public HtmlWriter(int literalLength, int formattedCount) => _text = new StringBuilder(literalLength + (formattedCount * 16));

    public void AppendLiteral(string markup) => _text.Append(markup);

    public void AppendFormatted(string? value) => _text.Append(WebUtility.HtmlEncode(value));

    public void AppendFormatted(Html piece) => _text.Append(piece.Text);

    public override string ToString() => _text.ToString();
}
