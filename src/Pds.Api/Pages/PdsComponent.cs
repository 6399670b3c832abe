using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace Pds.Api.Pages;

/// <summary>A piece of a page. Pages are rendered once, on the server: there are no events and no scripts.</summary>
public abstract class PdsComponent : ComponentBase
{
    private const int MaxHoles = 9;

    /// <summary>Words in the language of the page. The key is the English text.</summary>
    [Inject]
    protected PageTexts T { get; set; } = default!;

    /// <summary>What surrounds the page.</summary>
    [CascadingParameter]
    protected PageFrame Frame { get; set; } = default!;

    /// <summary>A text with markup in its holes. The text is encoded, the pieces are as they are.</summary>
    /// <param name="text">English text with <c>{0}</c>, <c>{1}</c> … where the pieces go.</param>
    /// <param name="pieces">The pieces.</param>
    protected RenderFragment Rich(string text, params RenderFragment[] pieces) => builder => WriteRich(builder, T[text].Value, pieces);

    private static void WriteRich(RenderTreeBuilder builder, string text, RenderFragment[] pieces)
    {
        int done = 0;
        for (int at = 0; at + 2 < text.Length; at++)
        {
            int hole = text[at] == '{' && text[at + 2] == '}' ? text[at + 1] - '0' : -1;
            if (hole is < 0 or > MaxHoles || hole >= pieces.Length)
            {
                continue;
            }

            builder.AddContent(0, text[done..at]);
            builder.AddContent(1, pieces[hole]);
            done = at + 3;
        }

        builder.AddContent(2, text[done..]);
    }
}

/// <summary>A page.</summary>
/// <typeparam name="TModel">What it shows.</typeparam>
public abstract class PdsPage<TModel> : PdsComponent
    where TModel : PageModel
{
    /// <summary>What the page shows.</summary>
    [Parameter]
    [EditorRequired]
    public TModel Model { get; set; } = default!;
}

/// <summary>The frame of all pages: a whole HTML document. It shows <see cref="PdsComponent.Frame"/> and, in the middle, <see cref="Body"/>.</summary>
public abstract class PdsLayout : PdsComponent
{
    /// <summary>The page.</summary>
    [Parameter]
    [EditorRequired]
    public RenderFragment Body { get; set; } = default!;
}
