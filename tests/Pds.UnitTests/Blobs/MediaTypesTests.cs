using System.Text;
using Pds.Domain.Blobs;

namespace Pds.UnitTests.Blobs;

internal sealed class MediaTypesTests
{
    [TestCase("FFD8FFE0", "image/jpeg")]
    [TestCase("89504E470D0A1A0A", "image/png")]
    [TestCase("474946383961", "image/gif")]
    [TestCase("52494646000000005745425056503820", "image/webp")]
    [TestCase("524946460000000057415645666D7420", "audio/wav")]
    [TestCase("0000001C6674797061766966", "image/avif")]
    [TestCase("0000001C6674797068656963", "image/heic")]
    [TestCase("0000001466747970717420 20", "video/quicktime")]
    [TestCase("00000018667479706D703432", "video/mp4")]
    [TestCase("00000020667479704D344120", "audio/x-m4a")]
    [TestCase("424D460000000000000036000000", "image/bmp")]
    [TestCase("1A45DFA39F4286810142F7810142F2810442F381084282847765626D", "video/webm")]
    [TestCase("1A45DFA3A34286810142F7810142F2810442F381084282886D6174726F736B61", "video/x-matroska")]
    [TestCase("4944330300", "audio/mpeg")]
    [TestCase("FFFB9064", "audio/mpeg")]
    [TestCase("664C6143", "audio/x-flac")]
    [TestCase("255044462D312E37", "application/pdf")]
    [TestCase("504B030414", "application/zip")]
    [TestCase("1F8B0800", "application/gzip")]
    [TestCase("4F67675300020000000000000000000000000000000000000000011E01766F72626973", "audio/ogg")]
    [TestCase("4F676753000200000000000000000000000000000000000000000113 4F70757348656164", "audio/ogg")]
    public void Sniff_WhenTheBeginningIsKnown_NamesTheType(string hex, string expected) =>
        Assert.That(MediaTypes.Sniff(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal))), Is.EqualTo(expected));

    [TestCase("")]
    [TestCase("BM is how this text begins")]
    [TestCase("<svg xmlns='http://www.w3.org/2000/svg'/>")]
    [TestCase("{\"json\":true}")]
    [TestCase("RIFF")]
    [TestCase("PK")]
    public void Sniff_WhenItMayBeText_SaysNothing(string text) => Assert.That(MediaTypes.Sniff(Encoding.UTF8.GetBytes(text)), Is.Null);

    [Test]
    public void Sniff_WhateverTheBytes_NamesAMediaTypeOrNone()
    {
        int named = 0;
        var random = new Random(1);
        byte[] bytes = new byte[64];
        for (int i = 0; i < 20_000; i++)
        {
            random.NextBytes(bytes);

            string? type = MediaTypes.Sniff(bytes.AsSpan(0, i % bytes.Length));

            Assert.That(type, Is.Null.Or.Match("^[a-z]+/[a-z0-9.+-]+$"));
            named += type is null ? 0 : 1;
        }

        Assert.That(named, Is.LessThan(200));
    }
}
