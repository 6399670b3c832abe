using Pds.Api.Pages;
using Pds.Application.DependencyInjection;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Changes the pages of a server.</summary>
public static class PdsPages
{
    /// <summary>Chooses pages and their looks: <c>pds.ConfigurePages(pages => pages.UseLayout&lt;MyLayout&gt;().Replace&lt;SignInPage, MySignInPage&gt;())</c>.</summary>
    /// <param name="builder">What <c>AddPds</c> made.</param>
    /// <param name="configure">Sets the options.</param>
    public static PdsBuilder ConfigurePages(this PdsBuilder builder, Action<PdsPagesOptions> configure)
    {
        builder.Services.Configure(configure);
        return builder;
    }

    /// <summary>Adds a language to the pages, or changes words of one.</summary>
    /// <typeparam name="TTexts">A type beside which resources lie, such as <c>MyTexts.fr.resx</c>. Keys are the English texts; what is missing stays as it was.</typeparam>
    /// <param name="builder">What <c>AddPds</c> made.</param>
    /// <param name="language">Such as <c>fr</c>.</param>
    public static PdsBuilder AddPageLanguage<TTexts>(this PdsBuilder builder, string language)
    {
        builder.Services.AddLocalization();
        return builder.ConfigurePages(pages => pages.AddLanguage<TTexts>(language));
    }
}
