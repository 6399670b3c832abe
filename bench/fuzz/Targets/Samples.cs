using Pds.Application.Lexicons;
using Pds.Domain.Crypto;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;
using Pds.Domain.Repositories.Mst;

namespace Pds.Fuzz.Targets;

/// <summary>What seeds and targets are made of.</summary>
internal static class Samples
{
    public const string DidText = "did:plc:ewvi7nxzyoun6zhxrhs64oiz";
    public const string CidText = "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku";
    public const string DidKey = "did:key:zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme";

    public static IReadOnlyList<string> Records { get; } =
    [
        """{"$type":"app.bsky.feed.post","text":"Hello @alice.test 👨‍👩‍👧‍👧","createdAt":"2024-01-31T12:00:00.000Z","langs":["en","pt-BR"],"facets":[{"index":{"byteStart":6,"byteEnd":17},"features":[{"$type":"app.bsky.richtext.facet#mention","did":"did:plc:ewvi7nxzyoun6zhxrhs64oiz"}]}],"embed":{"$type":"app.bsky.embed.images","images":[{"alt":"","image":{"$type":"blob","ref":{"$link":"bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku"},"mimeType":"image/png","size":10}}]}}""",
        """{"$type":"app.bsky.feed.like","subject":{"uri":"at://did:plc:ewvi7nxzyoun6zhxrhs64oiz/app.bsky.feed.post/3jzfcijpj2z2a","cid":"bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku"},"createdAt":"2024-01-31T12:00:00Z"}""",
        """{"$type":"com.example.all","null":null,"yes":true,"no":false,"zero":0,"small":23,"byte":24,"two":256,"four":65536,"most":9007199254740991,"least":-9007199254740991,"bytes":{"$bytes":"AAECAwQ"},"none":{"$bytes":""},"link":{"$link":"bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku"},"list":[[],[{}],[1,[2,[3]]]],"":{"":""},"é":"\u00e9\ud83d\ude00\n"}""",
        """{"$type":"app.bsky.actor.profile","displayName":"A","avatar":{"cid":"bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku","mimeType":"image/jpeg"},"pinnedPost":{"uri":"at://alice.test/app.bsky.feed.post/self","cid":"bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku"}}""",
        """{"a":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}""",
        "{}",
    ];

    public static Did Did { get; } = Did.Parse(DidText);

    public static PublicKey Key { get; } = PublicKey.TryParseDidKey(DidKey, out PublicKey? key) ? key : throw new InvalidOperationException("Not a key.");

    public static BuiltInLexicons Lexicons { get; } = new();

    /// <summary>Signs with zeros, and finds every signature good: what is judged after a signature can only be reached so.</summary>
    public static TrustingKey Signer { get; } = new();

    /// <summary>The path of the n-th sample record.</summary>
    public static string PathOf(int n) => $"{(n % 3 == 0 ? "com.example.other" : "app.bsky.feed.post")}/3k{n:d4}aaaaaaa";

    /// <summary>The commits of a small repository: one creates several records, one changes, one removes.</summary>
    public static IReadOnlyList<RepositoryChange> Changes(int records)
    {
        Repository repository = new(Did, head: null, MstTree.Empty, Signer, new TidClock(new StandingTime(), 7));
        List<RepositoryChange> changes = [];
        Apply(Enumerable.Range(0, records).Select(n => RecordWrite.Create(RecordPath.Parse(PathOf(n)), Record(n))));
        Apply([RecordWrite.Update(RecordPath.Parse(PathOf(1)), Record(50)), RecordWrite.Create(RecordPath.Parse(PathOf(77)), Record(51))]);
        Apply([RecordWrite.Delete(RecordPath.Parse(PathOf(0)))]);
        return changes;

        void Apply(IEnumerable<RecordWrite> writes)
        {
            RepositoryChange change = repository.Apply([.. writes]);
            repository = repository.Advance(change);
            changes.Add(change);
        }
    }

    private static DataMap Record(int n) => DataMap.FromJson(System.Text.Encoding.UTF8.GetBytes($$"""{"$type":"app.bsky.feed.post","text":"{{n}}"}"""));
}

/// <summary>A signer and verifier that asks nothing.</summary>
internal sealed class TrustingKey : ISigner, IVerifier
{
    public PublicKey PublicKey => Samples.Key;

    public void Sign(ReadOnlySpan<byte> message, Span<byte> signature) => signature.Clear();

    public bool Verify(PublicKey key, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) => true;

    public bool VerifyMalleable(PublicKey key, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) => true;
}

/// <summary>It is always the same second: 2023-11-14T22:13:20Z.</summary>
internal sealed class StandingTime : TimeProvider
{
    public const long Now = 1_700_000_000;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeSeconds(Now);
}
