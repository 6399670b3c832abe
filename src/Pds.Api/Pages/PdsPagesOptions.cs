using Microsoft.AspNetCore.Components;

namespace Pds.Api.Pages;

/// <summary>Which pages a server has, and how they look. Set with <c>AddPds(…).ConfigurePages(…)</c>.</summary>
public sealed class PdsPagesOptions
{
    private readonly Dictionary<Type, Type> _replaced = [];
    private readonly Dictionary<string, Type> _languages = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether the server signs people in to applications (OAuth). Default <see langword="true"/>; otherwise <c>/oauth/…</c> and its metadata answer 404.</summary>
    public bool AuthorizationServer { get; set; } = true;

    /// <summary>Whether people manage their accounts in a browser. Default <see langword="true"/>; otherwise <c>/account</c> and all below answers 404.</summary>
    public bool AccountArea { get; set; } = true;

    /// <summary>Whether people make accounts on the pages. Default <see langword="true"/>; invite codes are asked for where they are required. Applications may make accounts by <c>createAccount</c> all the same.</summary>
    public bool SignUp { get; set; } = true;

    /// <summary>Style rules that come after those of this server. Default: none.</summary>
    /// <remarks>Browsers load style sheets and pictures of the server's own origin as well, if a layout asks for them.</remarks>
    public string? Css { get; set; }

    /// <summary>The layout of all pages. Default: <see cref="PageLayout"/>.</summary>
    internal Type? Layout { get; private set; }

    /// <summary>Languages of the host, and the types whose resources hold their texts.</summary>
    internal IReadOnlyDictionary<string, Type> Languages => _languages;

    /// <summary>Puts all pages into another layout.</summary>
    /// <typeparam name="TLayout">The layout; it writes the whole document.</typeparam>
    public PdsPagesOptions UseLayout<TLayout>()
        where TLayout : PdsLayout
    {
        Layout = typeof(TLayout);
        return this;
    }

    /// <summary>Shows another page in place of one.</summary>
    /// <typeparam name="TPage">The page of this server, such as <c>SignInPage</c>.</typeparam>
    /// <typeparam name="TOwn">The page to show, for the same model: it derives from the same <see cref="PdsPage{TModel}"/>, or from the page itself.</typeparam>
    /// <exception cref="ArgumentException">The pages are not for the same model.</exception>
    public PdsPagesOptions Replace<TPage, TOwn>()
        where TPage : IComponent
        where TOwn : IComponent
    {
        Type? model = ModelOf(typeof(TPage));
        if (model is null || ModelOf(typeof(TOwn)) != model)
        {
            throw new ArgumentException($"{typeof(TOwn).Name} cannot take the place of {typeof(TPage).Name}: it must derive from PdsPage<{model?.Name ?? "…"}>.");
        }

        _replaced[typeof(TPage)] = typeof(TOwn);
        return this;
    }

    /// <summary>Adds a language, or changes words of one.</summary>
    /// <typeparam name="TTexts">Any type beside which resources lie (<c>Type.fr.resx</c>). Keys are the English texts; what is missing stays as it was.</typeparam>
    /// <param name="language">Such as <c>fr</c>.</param>
    internal void AddLanguage<TTexts>(string language) => _languages[language] = typeof(TTexts);

    /// <summary>The page to show.</summary>
    internal Type Resolve(Type page) => _replaced.GetValueOrDefault(page, page);

    private static Type? ModelOf(Type page)
    {
        for (Type? type = page; type is not null; type = type.BaseType)
        {
            if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(PdsPage<>))
            {
                return type.GenericTypeArguments[0];
            }
        }

        return null;
    }
}
