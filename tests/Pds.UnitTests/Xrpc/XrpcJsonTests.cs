using System.Text;
using System.Text.Json;
using Pds.Api.Xrpc;
using Pds.Domain.Accounts;
using Pds.Domain.DataModel;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;

namespace Pds.UnitTests.Xrpc;

internal sealed class XrpcJsonTests
{
    private const string Cid = "bafyreiclp443lavogvhj3d2ob2cxbfuscni2k5jk7bebjzg7khl3esabwq";

    [Test]
    public void Serialize_DomainValues_AreTextsAndNullsAreLeftOut()
    {
        var output = new
        {
            Did = Did.Parse("did:plc:abc"),
            Handle = (Handle?)null,
            Rev = Tid.Parse("3jzfcijpj2z2a"),
            Cid = Domain.DataModel.Cid.Parse(Cid),
            Status = AccountStatus.Takendown,
            At = new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.FromHours(1)),
            Text = "ü <b> & 'q' \"d\"",
        };

        string json = JsonSerializer.Serialize(output, XrpcJson.Options);

        Assert.That(json, Is.EqualTo(
            $$"""{"did":"did:plc:abc","rev":"3jzfcijpj2z2a","cid":"{{Cid}}","status":"takendown","at":"2026-01-02T02:04:05.678Z","text":"ü <b> & 'q' \"d\""}"""));
    }

    [Test]
    public void Serialize_ARecord_IsTheJsonItCameFrom()
    {
        string record = $$"""{"$type":"com.example.note","link":{"$link":"{{Cid}}"},"bytes":{"$bytes":"aGk"},"list":[1,true,null]}""";
        NoteInput input = Parse<NoteInput>($$"""{"record":{{record}}}""");

        string json = JsonSerializer.Serialize(input, XrpcJson.Options);

        Assert.That(JsonElement.DeepEquals(JsonDocument.Parse(json).RootElement.GetProperty("record"), JsonDocument.Parse(record).RootElement), Is.True, json);
    }

    [TestCase("""{"record":{"x":1.5}}""", "InvalidRequest")]
    [TestCase("""{"record":{"x":{"$link":"no cid"}}}""", "InvalidRequest")]
    [TestCase("""{"record":{"x":1,"x":2}}""", "InvalidRequest")]
    [TestCase("""{"record":[]}""", "InvalidRequest")]
    [TestCase("""{"record":{"x":}}""", "SyntaxError")]
    [TestCase("""{"record":{"x":1""", "SyntaxError")]
    public void Parse_WhenTheRecordIsNoGood_Refuses(string json, string error)
    {
        XrpcException refusal = Assert.Throws<XrpcException>(() => Parse<NoteInput>(json))!;

        Assert.That(refusal.Error.Name, Is.EqualTo(error));
    }

    [Test]
    public void Parse_ABlobOrDocument_IsNoInput() =>
        Assert.That(() => Parse<BlobInput>("""{"blob":{}}"""), Throws.InstanceOf<XrpcException>().With.Message.Contains("blob is not an input"));

    [Test]
    public void Parse_AByteOrderMark_IsSkipped() =>
        Assert.That(XrpcBodyBinder.Parse([0xEF, 0xBB, 0xBF, .. "{\"record\":{}}"u8], typeof(NoteInput), "com.example.note"), Is.InstanceOf<NoteInput>());

    private static T Parse<T>(string json) => (T)XrpcBodyBinder.Parse(Encoding.UTF8.GetBytes(json), typeof(T), "com.example.note");

    private sealed record NoteInput
    {
        public required DataMap Record { get; init; }
    }

    private sealed record BlobInput
    {
        public BlobRef? Blob { get; init; }
    }
}
