using System.Text;
using Pds.Application.Lexicons;
using Pds.Domain.DataModel;
using Pds.Domain.Lexicons;
using Pds.Domain.OAuth;

namespace Pds.Fuzz.Targets;

/// <summary>Lexicons: only <see cref="LexiconFormatException"/> refuses; what is read can be asked for gaps, and records be judged by it.</summary>
internal sealed class LexiconTarget() : FuzzTarget("lexicon", Document)
{
    private static readonly DataMap[] Records = [.. Samples.Records.Select(json => DataMap.FromJson(Encoding.UTF8.GetBytes(json)))];
    private static readonly IncludeScope Include = ScopeToken.TryParse("include:com.example.authFull?aud=did:web:api.example.com%23svc", out ScopeToken? token) ? (IncludeScope)token : throw new InvalidOperationException("Not a scope.");

    public override int MaxLength => 4096;

    public override IReadOnlyList<string> Tokens { get; } =
    [
        "\"type\":\"object\"", "\"type\":\"array\"", "\"type\":\"union\"", "\"type\":\"ref\"", "\"ref\":\"#main\"", "\"refs\":[\"#a\"]", "\"items\":{", "\"properties\":{", "\"required\":[", "\"key\":\"any\"", "\"maxLength\":-1",
        "\"const\":1", "\"enum\":[]", "\"format\":\"at-uri\"", "\"closed\":true", "\"type\":\"permission-set\"", "\"permissions\":[{\"type\":\"permission\",\"resource\":\"repo\",\"collection\":[\"com.example.a\"]}]", "\"inheritAud\":true", "\\ud800", "\\u0000",
        "null", "true", "{}", "[]", "}", "]", ",", ":", "9e999",
    ];

    public override long MaxAllocation(int length) => 512 * 1024 + (4096L * length);

    public override string? Read(ReadOnlyMemory<byte> input)
    {
        LexiconDocument document;
        try
        {
            document = LexiconDocument.Parse(input);
        }
        catch (LexiconFormatException e)
        {
            return e.Message;
        }

        LexiconSet set = new([document]);
        foreach (LexiconSchema schema in document.Defs.Values)
        {
            LexiconReferences.FindGaps(schema, set);
            if (schema is RecordSchema record)
            {
                foreach (DataMap map in Records)
                {
                    RecordCheck.Check(record, map, set);
                }
            }
            else if (schema is PermissionSetSchema permissions)
            {
                var opened = PermissionSet.Open(Include, permissions);
                Promise.Holds(opened.Permissions.All(permission => ScopeToken.TryParse(permission.Text, out ScopeToken? again) && again.Text == permission.Text), "A permission is no token.");
                opened.TitleIn(["en", "pt-BR"]);
                opened.DetailIn(["en", "pt-BR"]);
            }
        }

        return null;
    }

    public override IEnumerable<(string Name, byte[] Bytes)> Seeds()
    {
        foreach (string name in (string[])["app.bsky.feed.like", "app.bsky.richtext.facet", "app.bsky.graph.list", "app.bsky.feed.threadgate"])
        {
            yield return ($"{name}.json", BuiltInLexicons.Read(name));
        }

        yield return ("permission-set.json", Encoding.UTF8.GetBytes(
            """{"lexicon":1,"id":"com.example.authFull","defs":{"main":{"type":"permission-set","title":"All","title:lang":{"pt":"Tudo"},"detail":"d","permissions":[{"type":"permission","resource":"repo","collection":["com.example.a","com.example.b"],"action":["create"]},{"type":"permission","resource":"rpc","lxm":["com.example.q"],"inheritAud":true}]}}}"""));
        yield return ("all.json", Encoding.UTF8.GetBytes(
            """{"lexicon":1,"id":"com.example.all","defs":{"main":{"type":"record","key":"any","record":{"type":"object","required":["yes"],"nullable":["null"],"properties":{"null":{"type":"string"},"yes":{"type":"boolean","const":true},"small":{"type":"integer","minimum":1,"maximum":30,"enum":[23]},"bytes":{"type":"bytes","maxLength":9},"link":{"type":"cid-link"},"list":{"type":"array","items":{"type":"unknown"},"minLength":1},"é":{"type":"string","maxGraphemes":3,"minGraphemes":1}}}},"q":{"type":"token"}}}"""));
        yield return ("query.json", Encoding.UTF8.GetBytes(
            """{"lexicon":1,"id":"com.example.get","defs":{"main":{"type":"query","parameters":{"type":"params","required":["a"],"properties":{"a":{"type":"string","format":"did"},"b":{"type":"array","items":{"type":"integer"}}}},"output":{"encoding":"application/json","schema":{"type":"union","refs":["#x"],"closed":false}},"errors":[{"name":"No"}]},"x":{"type":"object","properties":{"y":{"type":"ref","ref":"#x"}}}}}"""));
    }
}

/// <summary>Judging any record by any lexicon of ours: never an exception, and a fault says where and what.</summary>
internal sealed class RecordTarget() : FuzzTarget("record", Decoder / 4)
{
    private static readonly RecordSchema[] Schemas = [.. BuiltInLexicons.Names().Order(StringComparer.Ordinal).Select(Samples.Lexicons.Find).OfType<RecordSchema>()];

    public override IReadOnlyList<string> Tokens { get; } = ["e$type", "dtext", "dlangs", "uapp.bsky.embed.images", "ffacets", "eembed", "gsubject", "icreatedAt"];

    public override string? Read(ReadOnlyMemory<byte> input)
    {
        DataMap map;
        try
        {
            map = DataMap.FromForeignCbor(input);
        }
        catch (DagCborException e)
        {
            return e.Message;
        }

        string type = map.Type ?? "";
        RecordSchema schema = Array.Find(Schemas, candidate => candidate.Collection.ToString() == type) ?? Schemas[input.Length % Schemas.Length];
        if (RecordCheck.Check(schema, map, Samples.Lexicons) is { } fault)
        {
            Promise.Holds(fault.Path.StartsWith("record", StringComparison.Ordinal) && fault.Message.Length > 0, "A fault says nothing.");
            return fault.Message;
        }

        return null;
    }

    public override IEnumerable<(string Name, byte[] Bytes)> Seeds() => new CborTarget().Seeds();
}
