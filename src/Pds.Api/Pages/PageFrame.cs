namespace Pds.Api.Pages;

/// <summary>What surrounds every page: what a layout has to show, and what components below may want to know.</summary>
public sealed record PageFrame
{
    /// <summary>Title in English.</summary>
    public required string Title { get; init; }

    /// <summary>Name of the server.</summary>
    public required string ServerName { get; init; }

    /// <summary>The language that the page is in, for the attribute <c>lang</c>.</summary>
    public required string Language { get; init; }

    /// <summary>Picture of the server; <see langword="null"/> for none.</summary>
    public Uri? Logo { get; init; }

    /// <summary>Where the logo leads; <see langword="null"/> for nowhere.</summary>
    public Uri? Home { get; init; }

    /// <summary>Links below the page: privacy, terms, help, as far as the operator has set them. Their texts are in English.</summary>
    public required IReadOnlyList<PageLink> Footer { get; init; }

    /// <summary>Places to go to from here; empty on most pages.</summary>
    public IReadOnlyList<PageLink> Navigation { get; init; } = [];

    /// <summary>What went wrong, in English. The layout shows it where it is read out.</summary>
    public string? Fault { get; init; }

    /// <summary>What went well, in English. The layout shows it where it is read out.</summary>
    public string? Notice { get; init; }

    /// <summary>The style sheet, for an element <c>style</c> that holds nothing else: browsers are told its digest and apply no other inline style.</summary>
    public required string Style { get; init; }

    /// <summary>A script, for an element <c>script</c> at the end that holds nothing else; <see langword="null"/> for none. Browsers run no other inline script.</summary>
    public string? Script { get; init; }

    /// <summary>Hidden fields that every form carries.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Hidden { get; init; } = [];
}
