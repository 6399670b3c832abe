using System.Globalization;

namespace Pds.Api.Pages;

/// <summary>A colour, and how well it can be read on another (WCAG 2.2, 1.4.3).</summary>
internal readonly record struct PageColor(byte Red, byte Green, byte Blue)
{
    /// <summary>The contrast that text needs.</summary>
    public const double Readable = 4.5;

    private const int Steps = 40;

    public static readonly PageColor Black = new(0, 0, 0);
    public static readonly PageColor White = new(255, 255, 255);

    private double Luminance => (0.2126 * Linear(Red)) + (0.7152 * Linear(Green)) + (0.0722 * Linear(Blue));

    /// <summary>Reads <c>#rrggbb</c>, <c>#rgb</c> or <c>rgb(r, g, b)</c>, each with an alpha part or without; settings were judged at start. Alpha is passed over.</summary>
    public static PageColor Parse(string text)
    {
        if (text[0] != '#')
        {
            byte[] parts = [.. text[(text.IndexOf('(', StringComparison.Ordinal) + 1)..^1].Split(',').Select(part => byte.Parse(part, CultureInfo.InvariantCulture))];
            return new PageColor(parts[0], parts[1], parts[2]);
        }

        int digits = text.Length > 5 ? 2 : 1;
        return new PageColor(Part(0), Part(1), Part(2));

        byte Part(int index)
        {
            byte value = byte.Parse(text.AsSpan(1 + (index * digits), digits), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            return digits == 1 ? (byte)(value * 0x11) : value;
        }
    }

    /// <summary>1 to 21.</summary>
    public double ContrastTo(PageColor other)
    {
        (double darker, double lighter) = Luminance < other.Luminance ? (Luminance, other.Luminance) : (other.Luminance, Luminance);
        return (lighter + 0.05) / (darker + 0.05);
    }

    /// <summary>Black or white, whichever can be read on this colour.</summary>
    public PageColor Ink() => ContrastTo(White) >= Readable || ContrastTo(White) >= ContrastTo(Black) ? White : Black;

    /// <summary>This colour, darkened or lightened until it can be read on a ground.</summary>
    public PageColor On(PageColor ground)
    {
        PageColor goal = ground.ContrastTo(White) > ground.ContrastTo(Black) ? White : Black;
        PageColor color = this;
        for (int step = 1; step <= Steps && color.ContrastTo(ground) < Readable; step++)
        {
            color = Mix(goal, (double)step / Steps);
        }

        return color;
    }

    public override string ToString() => $"#{Red:x2}{Green:x2}{Blue:x2}";

    private static double Linear(byte part)
    {
        double value = part / 255d;
        return value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
    }

    private PageColor Mix(PageColor other, double share) => new(Mix(Red, other.Red, share), Mix(Green, other.Green, share), Mix(Blue, other.Blue, share));

    private static byte Mix(byte one, byte other, double share) => (byte)Math.Round(one + ((other - one) * share));
}
