using System.Security.Cryptography;
using System.Text;
using Pds.Application.Settings;

namespace Pds.Api.Pages;

/// <summary>The style sheet of the pages, in the operator's colours.</summary>
internal sealed class PageTheme
{
    private static readonly PageColor LightPage = PageColor.Parse("#f3f4f7");
    private static readonly PageColor LightCard = PageColor.White;
    private static readonly PageColor DarkCard = PageColor.Parse("#1a1d24");

    public PageTheme(BrandingSettings branding, PdsPagesOptions pages)
    {
        Style = Colors(branding) + Rules + Backgrounds(branding) + pages.Css;
        StyleHash = HashOf(Style);
    }

    /// <summary>The rules.</summary>
    public string Style { get; }

    /// <summary>Their digest, as policies write it.</summary>
    public string StyleHash { get; }

    /// <summary>The digest of an inline element, as policies write it.</summary>
    public static string HashOf(string text) => $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";

    private static string Colors(BrandingSettings branding)
    {
        var accent = PageColor.Parse(branding.PrimaryColor ?? "#1a5fd0");
        (string Name, PageColor Color)[] texts =
        [
            ("link", accent),
            ("bad", PageColor.Parse(branding.ErrorColor ?? "#b3261e")),
            ("warn", PageColor.Parse(branding.WarningColor ?? "#8a4b00")),
            ("soft", PageColor.Parse(branding.InfoColor ?? "#5a6070")),
            ("good", PageColor.Parse(branding.SuccessColor ?? "#1b6e3c")),
        ];
        return string.Concat(
            $":root{{color-scheme:light dark;--accent:{accent};--on-accent:{accent.Ink()};--ink:#16181d;--page:{LightPage};--card:{LightCard};--line:#cfd3dc;--edge:#767d8c;{On(LightPage)}}}\n",
            $"@media(prefers-color-scheme:dark){{:root{{--ink:#eceef3;--page:#101217;--card:{DarkCard};--line:#3b404c;--edge:#8a93a5;{On(DarkCard)}}}}}\n");

        // Of page and card, the one on which text is harder to read: the darker light one, the lighter dark one.
        string On(PageColor ground) => string.Join(';', texts.Select(text => $"--{text.Name}:{text.Color.On(ground)}"));
    }

    private static string Backgrounds(BrandingSettings branding)
    {
        string light = Background(branding.BackgroundLightUrl);
        string dark = Background(branding.BackgroundDarkUrl);
        return light + (dark.Length > 0 ? $"@media(prefers-color-scheme:dark){{{dark}}}" : "");
    }

    private static string Background(Uri? picture) =>
        picture is null ? "" : $"body{{background-image:url(\"{picture.AbsoluteUri}\");background-size:cover;background-attachment:fixed}}body>header,body>footer{{background:var(--card)}}";

    private const string Rules = """
        *{box-sizing:border-box}
        body{margin:0;min-height:100vh;background:var(--page);color:var(--ink);font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
        body>header,main,body>footer{max-width:28rem;margin:0 auto;padding:1rem 1.5rem}
        body.wide>header,.wide>main,body.wide>footer{max-width:44rem}
        body>header{display:flex;gap:.75rem;align-items:center;color:var(--soft)}body>header p{margin:0}body>header img{display:block;max-height:2.5rem;max-width:8rem}
        main{padding:1.5rem;background:var(--card)}
        @media(min-width:32rem){main{border:1px solid var(--line);border-radius:.75rem}body>header{margin-top:1.5rem}}
        h1{font-size:1.4rem;line-height:1.25;margin:0 0 1rem}h2{font-size:1.1rem;line-height:1.3;margin:1.75rem 0 .5rem}p{margin:.75rem 0}
        a{color:var(--link)}
        label{display:block;margin:1rem 0 .25rem;font-weight:600}label.check{font-weight:400;display:flex;gap:.5rem;align-items:flex-start}
        input:not([type=checkbox]):not([type=radio]),select{width:100%;font:inherit;color:inherit;background:transparent;border:1px solid var(--edge);border-radius:.5rem;padding:.6rem .75rem;min-height:2.75rem}
        input[readonly]:not([type=checkbox]):not([type=radio]){border-style:dashed}input[type=checkbox],input[type=radio]{width:1.1rem;height:1.1rem;margin:.2rem 0;flex:none;accent-color:var(--accent)}
        button,a.button{display:block;width:100%;margin-top:.75rem;padding:.7rem 1rem;min-height:2.75rem;font:inherit;font-weight:600;text-align:center;text-decoration:none;color:inherit;background:transparent;border:1px solid var(--edge);border-radius:.5rem;cursor:pointer}
        button.main{margin-top:1.25rem;color:var(--on-accent);background:var(--accent);border-color:var(--accent)}button.danger{color:var(--bad);border-color:var(--bad)}button.small{display:inline-block;width:auto;margin:.25rem 0 0;padding:.3rem .75rem;min-height:2.25rem}
        :focus-visible{outline:3px solid var(--link);outline-offset:2px}
        details{margin:.75rem 0}summary{cursor:pointer}ul{padding-left:1.2rem}li{margin:.4rem 0}code{font-size:.9em}
        ul.cards{list-style:none;padding:0}ul.cards>li{border:1px solid var(--line);border-radius:.5rem;padding:.75rem 1rem;margin:.75rem 0}ul.cards p{margin:.15rem 0}
        dl{margin:0}dt{color:var(--soft);margin-top:.75rem}dd{margin:0;font-weight:600}
        .hint{color:var(--soft)}.warn{color:var(--warn)}.bad{color:var(--bad)}.good{color:var(--good)}p[role]{border-left:.25rem solid;padding-left:.75rem}
        .secret{display:block;font:600 1.25rem/1.5 ui-monospace,monospace;padding:.75rem;border:1px dashed var(--edge);border-radius:.5rem;user-select:all}
        nav ul{list-style:none;padding:0;margin:0 0 1.25rem;display:flex;flex-wrap:wrap;gap:.25rem .5rem}nav li{margin:0}nav a{display:block;padding:.5rem .6rem;border-radius:.5rem}nav a[aria-current]{background:var(--accent);color:var(--on-accent);text-decoration:none}
        .skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:1rem;padding:.5rem;background:var(--card)}
        footer{color:var(--soft)}footer a{color:inherit;margin-right:1rem}

        """;
}
