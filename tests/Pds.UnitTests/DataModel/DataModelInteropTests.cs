using System.Text;
using System.Text.Json;
using Pds.Domain.DataModel;

namespace Pds.UnitTests.DataModel;

/// <summary>The shared data-model fixtures.</summary>
[Category(SharedData.Category)]
internal sealed class DataModelInteropTests
{
    [Test]
    public void Fixtures_FromJson_HaveTheBytesAndCid()
    {
        foreach (JsonElement fixture in Load("data-model/data-model-fixtures.json"))
        {
            DataMap map = DataMap.FromJson(Encoding.UTF8.GetBytes(fixture.GetProperty("json").GetRawText()));

            Assert.That(map.Cbor.ToArray(), Is.EqualTo(Cbor(fixture)));
            Assert.That(map.Cid.ToString(), Is.EqualTo(fixture.GetProperty("cid").GetString()));
        }
    }

    [Test]
    public void Fixtures_FromCbor_HaveTheJson()
    {
        foreach (JsonElement fixture in Load("data-model/data-model-fixtures.json"))
        {
            DataMap map = DataMap.FromCbor(Cbor(fixture));

            using JsonDocument json = JsonDocument.Parse(map.ToJson());
            Assert.That(JsonElement.DeepEquals(json.RootElement, fixture.GetProperty("json")), Is.True, map.ToJson());
        }
    }

    [Test]
    public void ValidValues_AreRead()
    {
        foreach (JsonElement fixture in Load("data-model/data-model-valid.json"))
        {
            byte[] json = Encoding.UTF8.GetBytes(fixture.GetProperty("json").GetRawText());

            Assert.That(() => DataMap.FromCbor(DataMap.FromJson(json).Cbor), Throws.Nothing, fixture.GetProperty("note").GetString());
        }
    }

    [Test]
    public void InvalidValues_AreRefused()
    {
        foreach (JsonElement fixture in Load("data-model/data-model-invalid.json"))
        {
            byte[] json = Encoding.UTF8.GetBytes(fixture.GetProperty("json").GetRawText());

            Assert.That(() => DataMap.FromJson(json), Throws.InstanceOf<DataModelException>(), fixture.GetProperty("note").GetString());
        }
    }

    private static byte[] Cbor(JsonElement fixture)
    {
        string base64 = fixture.GetProperty("cbor_base64").GetString()!;
        return Convert.FromBase64String(base64.PadRight((base64.Length + 3) / 4 * 4, '='));
    }

    private static JsonElement[] Load(string relative)
    {
        IReadOnlyList<string> files = SharedData.Files(relative) is { Count: > 0 } found ? found : [SharedData.Require(relative)];
        JsonElement[] fixtures = [.. files.SelectMany(file => JsonSerializer.Deserialize<JsonElement[]>(File.ReadAllText(file))!)];
        Assert.That(fixtures, Is.Not.Empty);
        return fixtures;
    }
}
