using Pds.Api.Pages;

namespace Pds.UnitTests.Pages;

internal sealed class PageColorTests
{
    private static readonly PageColor Dark = PageColor.Parse("#1a1d24");

    [Test]
    public void ContrastTo_OfBlackAndWhite_Is21() => Assert.That(PageColor.Black.ContrastTo(PageColor.White), Is.EqualTo(21).Within(0.01));

    [TestCase("#ABC", "#aabbcc")]
    [TestCase("#abcf", "#aabbcc")]
    [TestCase("#1a5fd080", "#1a5fd0")]
    [TestCase("rgb( 26, 95 ,208)", "#1a5fd0")]
    [TestCase("rgba(255,0,0,255)", "#ff0000")]
    public void Parse_OfEveryForm_IsTheColour(string text, string expected) => Assert.That(PageColor.Parse(text).ToString(), Is.EqualTo(expected));

    [TestCase("#ffee00")]
    [TestCase("#1a5fd0")]
    [TestCase("#808080")]
    [TestCase("#000000")]
    [TestCase("#ffffff")]
    [TestCase("#1a1d24")]
    public void On_AnyGround_CanBeRead(string text)
    {
        var color = PageColor.Parse(text);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(color.On(PageColor.White).ContrastTo(PageColor.White), Is.GreaterThanOrEqualTo(PageColor.Readable));
            Assert.That(color.On(Dark).ContrastTo(Dark), Is.GreaterThanOrEqualTo(PageColor.Readable));
            Assert.That(color.Ink().ContrastTo(color), Is.GreaterThanOrEqualTo(PageColor.Readable));
        }
    }

    [Test]
    public void On_AGroundOnWhichItCanBeRead_LeavesIt() => Assert.That(PageColor.Parse("#1a5fd0").On(PageColor.White).ToString(), Is.EqualTo("#1a5fd0"));
}
