namespace Pds.Api.Pages;

/// <summary>What a page shows. Every page has a model of its own; a page that takes the place of another gets the same model.</summary>
public abstract record PageModel
{
    /// <summary>Title in English, as <see cref="PageTexts"/> knows it.</summary>
    public abstract string Title { get; }

    /// <summary>What went wrong, in English; shown first and read out. <see langword="null"/> for nothing.</summary>
    public string? Fault { get; init; }

    /// <summary>What went well, in English; shown first and read out. <see langword="null"/> for nothing.</summary>
    public string? Notice { get; init; }

    /// <summary>Hidden fields that every form of the page carries: the token against forgery, and what the form is about. <see cref="PostForm"/> writes them.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Hidden { get; init; } = [];

    /// <summary>Languages that are asked for, best first, parted by spaces; they outrank the browser's. <see langword="null"/> for none.</summary>
    public virtual string? Languages => null;

    /// <summary>Places to go to from here, such as the parts of the account area; none on most pages.</summary>
    public virtual IReadOnlyList<PageLink> Navigation => [];

    /// <summary>A script that the page needs. It is the only one that the browser will run.</summary>
    public virtual string? Script => null;
}

/// <summary>A link.</summary>
/// <param name="Text">What it says, in English.</param>
/// <param name="Address">Where it leads.</param>
/// <param name="IsCurrent">Whether it leads to where one is.</param>
public sealed record PageLink(string Text, string Address, bool IsCurrent = false);
