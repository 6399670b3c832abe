using System.Globalization;
using System.Text;
using QRCoder;

namespace Pds.Api.Pages.Account;

/// <summary>A text as squares for cameras, as inline SVG: nothing is fetched, and no style is needed.</summary>
internal static class QrPicture
{
    /// <summary>Draws a text, dark on light in either theme, with the quiet zone around it.</summary>
    /// <param name="text">What a camera shall read.</param>
    /// <param name="label">What it is, for people who do not see it; to be encoded.</param>
    public static string Draw(string text, string label)
    {
        using QRCodeGenerator generator = new();
        using QRCodeData squares = generator.CreateQrCode(text, QRCodeGenerator.ECCLevel.M);
        int size = squares.ModuleMatrix.Count;
        StringBuilder path = new();
        for (int y = 0; y < size; y++)
        {
            for (int x = 0; x < size; x++)
            {
                if (squares.ModuleMatrix[y][x])
                {
                    path.Append(CultureInfo.InvariantCulture, $"M{x} {y}h1v1h-1z");
                }
            }
        }

        return $"""<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{System.Net.WebUtility.HtmlEncode(label)}" width="240" height="240" viewBox="0 0 {size} {size}" shape-rendering="crispEdges"><rect width="{size}" height="{size}" fill="#fff"/><path d="{path}" fill="#000"/></svg>""";
    }
}
