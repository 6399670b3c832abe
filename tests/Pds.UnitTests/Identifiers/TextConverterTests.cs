using System.Text.Json;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;

namespace Pds.UnitTests.Identifiers;

/// <summary>Identifiers in the JSON of whoever uses the Domain alone, with no options.</summary>
internal sealed class TextConverterTests
{
    private const string CidText = "bafyreiclp443lavogvhj3d2ob2cxbfuscni2k5jk7bebjzg7khl3esabwq";

    [TestCase(typeof(Did), "did:plc:ewvi7nxzyoun6zhxrhs64oiz")]
    [TestCase(typeof(Handle), "alice.test")]
    [TestCase(typeof(AtIdentifier), "alice.test")]
    [TestCase(typeof(AtIdentifier), "did:web:example.com")]
    [TestCase(typeof(Nsid), "com.example.thing")]
    [TestCase(typeof(RecordKey), "self")]
    [TestCase(typeof(RecordPath), "com.example.thing/self")]
    [TestCase(typeof(Tid), "3jzfcijpj2z2a")]
    [TestCase(typeof(AtUri), "at://alice.test/com.example.thing/self")]
    [TestCase(typeof(Cid), CidText)]
    public void Json_WithoutOptions_IsTheText(Type type, string text)
    {
        object value = JsonSerializer.Deserialize($"\"{text}\"", type)!;
        string json = JsonSerializer.Serialize(value, type);

        Assert.That((value.GetType(), value.ToString()), Is.EqualTo((type, text)));
        Assert.That(json, Is.EqualTo($"\"{text}\""));
        Assert.That(() => JsonSerializer.Deserialize("\"no good\"", type), Throws.InstanceOf<JsonException>());
        Assert.That(() => JsonSerializer.Deserialize("1", type), Throws.InstanceOf<JsonException>());
        Assert.That(() => JsonSerializer.Deserialize("{}", type), Throws.InstanceOf<JsonException>());
    }

    [Test]
    public void EveryParsableValueOfTheDomain_HasTheConverter()
    {
        Type[] types = [.. Values().Where(type => type.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IParsable<>)))];

        Assert.That(types, Has.Length.GreaterThanOrEqualTo(9));
        Assert.That(types.Where(type => JsonSerializerOptions.Default.GetConverter(type).GetType() != typeof(TextConverter<>).MakeGenericType(type)), Is.Empty);
    }

    [Test]
    public void Json_AsKeyOfADictionary_IsTheText()
    {
        var heads = new Dictionary<Did, Cid?> { [Given.Did()] = Cid.Parse(CidText), [Did.Parse("did:web:a.example")] = null };

        string json = JsonSerializer.Serialize(heads);

        Assert.That(json, Is.EqualTo($$"""{"{{Given.DidText}}":"{{CidText}}","did:web:a.example":null}"""));
        Assert.That(JsonSerializer.Deserialize<Dictionary<Did, Cid?>>(json), Is.EqualTo(heads));
        Assert.That(() => JsonSerializer.Deserialize<Dictionary<Did, Cid?>>("""{"alice":null}"""), Throws.InstanceOf<JsonException>());
    }

    [Test]
    public void Json_WhenTheTextIsNoGood_NamesTypeAndPlace()
    {
        TextConverterException fault = Assert.Throws<TextConverterException>(() => JsonSerializer.Deserialize<Dictionary<string, Nsid>>("""{"a":"com"}"""))!;

        Assert.That((fault.Expected, fault.Path), Is.EqualTo((typeof(Nsid), "$.a")));
    }

    [Test]
    public void Json_OfADefaultValue_IsRefusedUnlessThatIsOne()
    {
        Assert.That(() => JsonSerializer.Serialize(default(Did)), Throws.InvalidOperationException);
        Assert.That(() => JsonSerializer.Serialize(default(Cid)), Throws.InvalidOperationException);
        Assert.That(() => JsonSerializer.Serialize(new Dictionary<Nsid, int> { [default] = 1 }), Throws.InvalidOperationException);
        Assert.That(JsonSerializer.Serialize(default(Tid)), Is.EqualTo("\"2222222222222\""));
    }

    [Test]
    public void Default_OfEveryValueOfTheDomain_Prints()
    {
        Type[] values = [.. Values()];

        Assert.That(values, Has.Length.GreaterThan(12));
        Assert.Multiple(() =>
        {
            foreach (Type type in values)
            {
                Assert.That(() => Activator.CreateInstance(type)!.ToString(), Throws.Nothing, type.Name);
            }
        });
    }

    [Test]
    public void Default_WhenItsTextIsNeeded_Throws()
    {
        Nsid collection = Nsid.Parse("com.example.thing");

        Assert.That(() => default(Did).Method, Throws.InvalidOperationException);
        Assert.That(() => default(Nsid).Authority, Throws.InvalidOperationException);
        Assert.That(() => default(AtUri).Authority, Throws.InvalidOperationException);
        Assert.That(() => new AtUri(default, collection, RecordKey.Parse("self")), Throws.InvalidOperationException);
        Assert.That(() => new RecordPath(collection, default), Throws.InvalidOperationException);
        Assert.That(() => Commit.Sign(default, Given.Post().Cid, default, Given.Signer()), Throws.InvalidOperationException);
        Assert.That(() => Domain.Blobs.BlobFile.Permanent(default), Throws.InvalidOperationException);
    }

    private static IEnumerable<Type> Values() =>
        typeof(Did).Assembly.GetExportedTypes().Where(type => type is { IsValueType: true, IsEnum: false, IsByRefLike: false, ContainsGenericParameters: false });
}
