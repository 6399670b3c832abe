using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace Pds.Api.Pages;

/// <summary>Puts a page into its layout, and the frame where all below can see it.</summary>
internal sealed class PageRoot : ComponentBase
{
    [Parameter]
    public required Type Layout { get; set; }

    [Parameter]
    public required Type Page { get; set; }

    [Parameter]
    public required PageModel Model { get; set; }

    [Parameter]
    public required PageFrame Frame { get; set; }

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        builder.OpenComponent<CascadingValue<PageFrame>>(0);
        builder.AddComponentParameter(1, nameof(CascadingValue<>.Value), Frame);
        builder.AddComponentParameter(2, nameof(CascadingValue<>.IsFixed), true);
        builder.AddComponentParameter(3, nameof(CascadingValue<>.ChildContent), (RenderFragment)BuildLayout);
        builder.CloseComponent();
    }

    private void BuildLayout(RenderTreeBuilder builder)
    {
        builder.OpenComponent(0, Layout);
        builder.AddComponentParameter(1, nameof(PdsLayout.Body), (RenderFragment)BuildPage);
        builder.CloseComponent();
    }

    private void BuildPage(RenderTreeBuilder builder)
    {
        builder.OpenComponent(0, Page);
        builder.AddComponentParameter(1, nameof(PdsPage<>.Model), Model);
        builder.CloseComponent();
    }
}
