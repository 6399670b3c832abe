namespace Pds.Api.Pages;

/// <summary>Says that something is done: <see cref="PageModel.Notice"/>, and where to go from here.</summary>
public sealed record DoneModel : PageModel
{
    /// <inheritdoc/>
    public override string Title => "Done";

    /// <summary>Where to go from here.</summary>
    public IReadOnlyList<PageLink> Links { get; init; } = [];
}
