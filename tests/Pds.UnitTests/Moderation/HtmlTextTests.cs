using Pds.Application.Moderation;

namespace Pds.UnitTests.Moderation;

internal sealed class HtmlTextTests
{
    [TestCase("Please stop.", "Please stop.")]
    [TestCase("<p>One</p><p>Two</p>", "One\n\nTwo")]
    [TestCase("One<br>Two<br/>Three", "One\nTwo\nThree")]
    [TestCase("<h1>Title</h1>\n  some   <b>bold</b> words", "Title\n\nsome bold words")]
    [TestCase("<ul><li>a</li><li>b</li></ul>end", "* a\n* b\n\nend")]
    [TestCase("""<a href="https://a.example/?x=1&amp;y=2">here</a>.""", "here [https://a.example/?x=1&y=2].")]
    [TestCase("""<a href='#top'>up</a> <a name=x>x</a>""", "up x")]
    [TestCase("a &lt;b&gt; &amp; c&nbsp;d", "a <b> & c d")]
    [TestCase("<head><title>t</title></head><style>p { }</style>text<script>alert('<p>')</script>!", "text!")]
    [TestCase("<!-- a > b -->text<!DOCTYPE html>", "text")]
    [TestCase("1 < 2 and 3 > 2", "1 < 2 and 3 > 2")]
    [TestCase("an open <b tag", "an open")]
    [TestCase("<script>no end", "")]
    [TestCase("", "")]
    public void Of_WhenHtmlIsGiven_IsItsWords(string html, string text) => Assert.That(HtmlText.Of(html), Is.EqualTo(text));
}
