using System.Net;
using System.Text;

namespace Pds.Application.Moderation;

/// <summary>HTML as plain text, for people whose mail program shows no HTML. One pass, whatever the input.</summary>
internal static class HtmlText
{
    private static readonly string[] Hidden = ["head", "script", "style", "title"];
    private static readonly string[] Lines = ["address", "article", "br", "dd", "div", "dt", "footer", "form", "header", "hr", "li", "section", "tr"];
    private static readonly string[] Paragraphs = ["blockquote", "dl", "h1", "h2", "h3", "h4", "h5", "h6", "ol", "p", "pre", "table", "ul"];

    /// <summary>The words of the document: blocks become lines, links are followed by their address, references are decoded.</summary>
    public static string Of(string html)
    {
        var text = new Writer();
        int at = 0;
        while (at < html.Length)
        {
            int open = html.IndexOf('<', at);
            if (open != at)
            {
                text.Words(WebUtility.HtmlDecode(html[at..(open < 0 ? html.Length : open)]));
                at = open < 0 ? html.Length : open;
                continue;
            }

            if (!TryReadTag(html, open, out string name, out string inside, out at))
            {
                text.Words("<");
                continue;
            }

            at = Array.IndexOf(Hidden, name) >= 0 ? SkipTo(html, at, $"</{name}") : at;
            Mark(text, name, inside);
        }

        return text.ToString();
    }

    private static void Mark(Writer text, string name, string inside)
    {
        string plain = name.TrimStart('/');
        if (Array.IndexOf(Paragraphs, plain) >= 0)
        {
            text.Break(2);
        }
        else if (Array.IndexOf(Lines, plain) >= 0)
        {
            text.Break(1);
        }

        if (name == "li")
        {
            text.Words("* ");
        }
        else if (name == "a")
        {
            text.Link = FindAddress(inside);
        }
        else if (name == "/a" && text.Link is { } link)
        {
            text.Words($" [{link}]");
            text.Link = null;
        }
    }

    /// <summary>Reads a tag or a comment.</summary>
    /// <param name="html">The document.</param>
    /// <param name="open">Where the sign <c>&lt;</c> is.</param>
    /// <param name="name">In lower case, with its slash when the tag ends something; empty for a comment.</param>
    /// <param name="inside">What follows the name.</param>
    /// <param name="next">Where the text goes on.</param>
    /// <returns>Whether it is one; otherwise the sign is part of the text.</returns>
    private static bool TryReadTag(string html, int open, out string name, out string inside, out int next)
    {
        name = inside = "";
        next = open + 1;
        if (next == html.Length || !(char.IsAsciiLetter(html[next]) || html[next] is '/' or '!' or '?'))
        {
            return false;
        }

        if (html.AsSpan(next).StartsWith("!--"))
        {
            next = SkipTo(html, Math.Min(next + 3, html.Length), "-->");
            return true;
        }

        int close = html.IndexOf('>', next);
        close = close < 0 ? html.Length : close;
        int end = next + 1;
        while (end < close && char.IsAsciiLetterOrDigit(html[end]))
        {
            end++;
        }

        name = html[next..end].ToLowerInvariant();
        inside = html[end..close];
        next = Math.Min(close + 1, html.Length);
        return true;
    }

    /// <summary>Behind the first <c>&gt;</c> that follows a text; the end where there is none.</summary>
    private static int SkipTo(string html, int from, string text)
    {
        int found = html.IndexOf(text, from, StringComparison.OrdinalIgnoreCase);
        int close = found < 0 ? -1 : html.IndexOf('>', found);
        return close < 0 ? html.Length : close + 1;
    }

    private static string? FindAddress(string inside)
    {
        int at = inside.IndexOf("href=", StringComparison.OrdinalIgnoreCase);
        string value = at < 0 ? "" : inside[(at + 5)..].TrimStart();
        char quote = value.Length > 0 && value[0] is '"' or '\'' ? value[0] : ' ';
        string address = WebUtility.HtmlDecode(quote == ' ' ? value.Split(' ')[0] : value[1..].Split(quote)[0]).Trim();
        return address.Length > 0 && !address.StartsWith('#') ? address : null;
    }

    /// <summary>Text in which white space counts once, and line breaks only where blocks begin and end.</summary>
    private sealed class Writer
    {
        private readonly StringBuilder _text = new();
        private int _breaks;
        private bool _isSpaced;

        public string? Link { get; set; }

        public void Break(int lines) => _breaks = Math.Max(_breaks, lines);

        public void Words(string words)
        {
            foreach (char c in words)
            {
                if (char.IsWhiteSpace(c) || char.IsControl(c))
                {
                    _isSpaced = true;
                    continue;
                }

                string gap = _text.Length == 0 ? "" : _breaks > 0 ? new string('\n', _breaks) : _isSpaced ? " " : "";
                _text.Append(gap).Append(c);
                _breaks = 0;
                _isSpaced = false;
            }
        }

        public override string ToString() => _text.ToString();
    }
}
