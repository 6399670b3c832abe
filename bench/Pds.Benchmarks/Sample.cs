using System.Text;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;
using Pds.Domain.Repositories.Mst;

namespace Pds.Benchmarks;

/// <summary>The data that the benchmarks share.</summary>
internal static class Sample
{
    public static readonly Did Did = Did.Parse("did:plc:ewvi7nxzyoun6zhxrhs64oiz");

    public static readonly Nsid Posts = Nsid.Parse("app.bsky.feed.post");

    public static readonly byte[] PostJson = Encoding.UTF8.GetBytes("""
        {"$type":"app.bsky.feed.post","createdAt":"2026-01-02T03:04:05.678Z","langs":["en"],
         "text":"A post of some hundred characters, as people write them, with a mention of @alice.example.com in it.",
         "facets":[{"index":{"byteStart":79,"byteEnd":97},"features":[{"$type":"app.bsky.richtext.facet#mention","did":"did:plc:ewvi7nxzyoun6zhxrhs64oiz"}]}]}
        """);

    /// <summary>A key as clients make them: a TID, one microsecond apart for each index.</summary>
    public static RecordPath PathOf(int index) => new(Posts, RecordKey.From(Tid.Create(1_700_000_000_000_000 + (index * 1_000_003L), 7)));

    public static MstTree TreeOf(int records)
    {
        Cid value = DataMap.FromJson(PostJson).Cid;
        return MstTree.Build(
            Enumerable.Range(0, records).Select(i => new MstEntry(PathOf(i).ToString(), value)),
            Tid.Create(1, 0));
    }

}
