using System.Text;
using FsCheck.Fluent;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;

namespace Pds.UnitTests.DataModel;

/// <summary>Random and mutated inputs, the same ones in every run: nothing but the documented exceptions may come out.</summary>
internal sealed class FuzzTests
{
    private const int Rounds = 40_000;
    private const int Seed = 20260102;

    private static readonly byte[] JsonAlphabet = [.. "{}[]\",:\\u0123dD8c89abeE+-. tfnrulsa$linkbytesype/*\n"u8, 0xc3, 0xa9, 0xff, 0];

    [Test]
    public void Cbor_WhateverTheBytes_IsReadOrRefused()
    {
        Random random = new(Seed);
        byte[][] seeds = [.. Seeds().Select(map => DataValues.Encode(map))];
        int read = 0;

        for (int i = 0; i < Rounds; i++)
        {
            byte[] bytes = i % 3 == 0 ? RandomBytes(random) : Mutate(random, seeds[random.Next(seeds.Length)], null);
            read += TryCbor(bytes) ? 1 : 0;
        }

        Assert.That(read, Is.InRange(1, Rounds - 1));
    }

    [Test]
    public void Json_WhateverTheBytes_IsReadOrRefused()
    {
        Random random = new(Seed);
        byte[][] seeds = [.. Seeds().Select(map => DataValues.ToJson(map))];
        int read = 0;

        for (int i = 0; i < Rounds; i++)
        {
            byte[] bytes = i % 3 == 0 ? [(byte)'{', .. RandomOf(random, JsonAlphabet)] : Mutate(random, seeds[random.Next(seeds.Length)], JsonAlphabet);
            read += TryJson(bytes) ? 1 : 0;
        }

        Assert.That(read, Is.InRange(1, Rounds - 1));
    }

    [Test]
    public void Identifiers_WhateverTheText_NeverThrow()
    {
        Random random = new(Seed);
        string[] seeds =
        [
            "did:plc:7iza6de2dwap2sbkpav7c6c6", "alice.example.com", "app.bsky.feed.post", "3jzfcijpj2z2a", "at://did:plc:asdf123/com.atproto.feed.post/self#/a%20",
            "1985-04-12T23:20:50.123+01:45", "hy-Latn-IT-arevela-a-foo-x-bar", "https://example.com/path", Cid.ForRaw([]).ToString(), "",
        ];

        for (int i = 0; i < Rounds; i++)
        {
            char[] text = seeds[random.Next(seeds.Length)].ToCharArray();
            for (int n = random.Next(4); n > 0 && text.Length > 0; n--)
            {
                text[random.Next(text.Length)] = (char)(random.Next(3) == 0 ? random.Next(0x10000) : random.Next(0x80));
            }

            ParseAll(new string(text)[random.Next(text.Length / 2 + 1)..]);
        }
    }

    private static void ParseAll(string text)
    {
        AssertKept(Did.TryParse(text, out Did did), text, () => did.ToString());
        AssertKept(Nsid.TryParse(text, out Nsid nsid), text, () => nsid.ToString() + (nsid.Authority.Length > 0 && nsid.Name.Length > 0 ? "" : "?"));
        AssertKept(RecordKey.TryParse(text, out RecordKey key), text, () => key.ToString());
        AssertKept(Tid.TryParse(text, out Tid tid), text, () => tid.ToString());
        AssertKept(Cid.TryParse(text, out Cid cid), text, () => cid.ToString());
        AssertKept(AtUri.TryParse(text, out AtUri uri), text, () => $"{uri}{(uri.Collection is null && uri.Key is not null ? uri.Authority : "")}");
        AssertKept(Handle.TryParse(text, out Handle handle), text.ToLowerInvariant(), () => handle.ToString());
        Assert.That(AtIdentifier.TryParse(text, out _), Is.EqualTo(AtIdentifier.IsValid(text)));
        _ = DatetimeSyntax.IsValid(text);
        _ = LanguageTag.IsValid(text);
        _ = UriSyntax.IsValid(text);
        _ = CidSyntax.IsValid(text);
    }

    private static void AssertKept(bool parsed, string text, Func<string> back)
    {
        if (parsed && back() != text)
        {
            Assert.Fail($"{text} came back as {back()}.");
        }
    }

    private static bool TryCbor(byte[] bytes)
    {
        bool isMap = false;
        try
        {
            DagCborReader reader = new(bytes);
            reader.Skip();
            reader.ReadEnd();
            isMap = bytes[0] >> 5 == 5;
            DagCborReader again = new(bytes);
            DagCborWriter writer = new();
            DataValues.Write(writer, DataValues.Read(ref again));
            Assert.That(writer.WrittenSpan.SequenceEqual(bytes), Is.True, () => $"Two encodings of one value: {Convert.ToHexString(bytes)}");
        }
        catch (DagCborException)
        {
        }

        try
        {
            var map = DataMap.FromCbor(bytes);
            Assert.That(isMap, Is.True);
            _ = map.FindBlobs();
            Assert.That(DataMap.FromJson(Encoding.UTF8.GetBytes(map.ToJson())), Is.EqualTo(map));
            return true;
        }
        catch (DagCborException)
        {
            return false;
        }
    }

    private static bool TryJson(byte[] bytes)
    {
        try
        {
            var map = DataMap.FromJson(bytes);
            Assert.That(() => DataMap.FromCbor(map.Cbor), Throws.Nothing);
            return true;
        }
        catch (DataModelException)
        {
            return false;
        }
    }

    private static List<Dictionary<string, object?>> Seeds()
    {
        List<Dictionary<string, object?>> seeds = [.. DataValues.MapGen.Sample(12, 60)];
        seeds.Add(new()
        {
            ["$type"] = "app.bsky.feed.post",
            ["image"] = new Dictionary<string, object?> { ["$type"] = "blob", ["ref"] = Cid.ForRaw([]), ["mimeType"] = "image/png", ["size"] = 5L },
            ["old"] = new Dictionary<string, object?> { ["cid"] = Cid.ForRaw([]).ToString(), ["mimeType"] = "image/png" },
        });
        return seeds;
    }

    private static byte[] RandomBytes(Random random)
    {
        byte[] bytes = new byte[random.Next(1, 60)];
        random.NextBytes(bytes);
        bytes[0] = random.Next(2) == 0 ? (byte)(0xa0 + random.Next(4)) : bytes[0];
        return bytes;
    }

    private static byte[] RandomOf(Random random, byte[] alphabet) => [.. Enumerable.Range(0, random.Next(50)).Select(_ => alphabet[random.Next(alphabet.Length)])];

    private static byte[] Mutate(Random random, byte[] seed, byte[]? alphabet)
    {
        List<byte> bytes = [.. seed];
        for (int n = random.Next(1, 4); n > 0 && bytes.Count > 0; n--)
        {
            int at = random.Next(bytes.Count);
            byte value = alphabet is null ? (byte)random.Next(256) : alphabet[random.Next(alphabet.Length)];
            switch (random.Next(5))
            {
                case 0:
                    bytes.RemoveAt(at);
                    break;
                case 1:
                    bytes.Insert(at, value);
                    break;
                case 2:
                    bytes.RemoveRange(at, Math.Min(random.Next(8), bytes.Count - at));
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(12), bytes.Count - at)));
                    break;
                default:
                    bytes[at] = value;
                    break;
            }
        }

        return [.. bytes];
    }
}
