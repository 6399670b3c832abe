namespace Pds.Api.Pages;

/// <summary>Says that something cannot be done: <see cref="PageModel.Fault"/>.</summary>
public sealed record ErrorModel : PageModel
{
    /// <inheritdoc/>
    public override string Title => "This did not work";
}
