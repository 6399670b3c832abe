using Pds.Application.Proxying;
using Pds.Domain.Errors;

namespace Pds.UnitTests.Proxying;

internal sealed class ContentCodingsTests
{
    [TestCase(null, false, "identity")]
    [TestCase("", false, "identity")]
    [TestCase("zstd", false, "identity")]
    [TestCase("gzip, deflate, br", false, "identity, gzip;q=0.8, br;q=0.7, deflate;q=0.6")]
    [TestCase("gzip, deflate, br", true, "gzip, br;q=0.8, deflate;q=0.7, identity;q=0.6")]
    [TestCase("GZIP;q=0.5, br;q=0", false, "identity, gzip;q=0.8")]
    [TestCase("gzip, identity;q=0", false, "gzip, identity;q=0")]
    [TestCase("gzip, *;q=0", false, "gzip, identity;q=0")]
    [TestCase("*", true, "gzip, br;q=0.8, deflate;q=0.7, identity;q=0.6")]
    [TestCase("identity;q=0", false, null)]
    [TestCase("*;q=0", true, null)]
    [TestCase("zstd, identity;q=0", true, null)]
    public void Negotiate_Always_AsksForWhatBothCanRead(string? accepted, bool preferCompressed, string? expected) =>
        Assert.That(ContentCodings.Negotiate(accepted, preferCompressed), Is.EqualTo(expected));

    [TestCase("gzip,")]
    [TestCase(",")]
    [TestCase("gzip;x=1")]
    [TestCase("gzip;q")]
    [TestCase("gzip;q=2")]
    [TestCase("gzip;q=0.0001")]
    [TestCase("gzip;q=x")]
    [TestCase("gzip;q=1;q=1")]
    [TestCase("q=1")]
    [TestCase(";q=1")]
    public void Negotiate_OfAMalformedHeader_IsRefused(string accepted) =>
        Assert.That(() => ContentCodings.Negotiate(accepted, preferCompressed: false), Throws.TypeOf<XrpcException>().With.Property("Error").EqualTo(RequestErrors.InvalidRequest));

    [TestCase("zstd")]
    [TestCase("gzip, br")]
    public void Decode_OfAnUnknownCoding_IsNothing(string coding) => Assert.That(ContentCodings.Decode(Stream.Null, coding), Is.Null);
}
