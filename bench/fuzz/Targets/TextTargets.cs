using System.Text;
using Pds.Domain.Accounts;
using Pds.Domain.Crypto;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;
using Pds.Domain.Proxying;
using Pds.Domain.Repositories;

namespace Pds.Fuzz.Targets;

/// <summary>A text that is judged or parsed: never an exception, and what is parsed comes back as it was.</summary>
/// <param name="name">The name of the target.</param>
/// <param name="read">Judges a text: <see langword="null"/> when it is taken.</param>
/// <param name="tokens">What such texts are made of.</param>
/// <param name="seeds">Texts to begin with.</param>
internal sealed class TextTarget(string name, Func<string, string?> read, string[] tokens, params string[] seeds) : FuzzTarget(name, Decoder)
{
    private const string Refused = "refused";

    private readonly char[] _chars = new char[1024];

    public override int MaxLength => 600;

    public override IReadOnlyList<string> Tokens => tokens;

    public override string? Read(ReadOnlyMemory<byte> input) => read(Decode(input.Span));

    public override IEnumerable<(string Name, byte[] Bytes)> Seeds() => seeds.Select((text, at) => ($"text-{at}", Encoding.ASCII.GetBytes(text)));

    /// <summary>All text targets.</summary>
    public static IEnumerable<TextTarget> All()
    {
        yield return Of<Did>("did", Did.TryParse, did => did.Method.Length > 0, ["did:", "plc:", "web:", "%", ":", "example.com"], "did:plc:ewvi7nxzyoun6zhxrhs64oiz", "did:web:example.com", "did:web:localhost%3A3000", "did:key:zQ3sh");
        yield return new TextTarget("handle", text => !Handle.TryParse(text, out Handle handle) ? Refused : Kept(handle.ToString().Equals(text, StringComparison.OrdinalIgnoreCase) && !handle.ToString().Any(char.IsAsciiLetterUpper), Ascii.IsValid(text) && (!handle.HasDisallowedTopLevelDomain || text.Contains('.', StringComparison.Ordinal))), ["xn--", ".com", "-", ".", "test"], "alice.example.com", "a.b", "xn--ls8h.test", "8.cn");
        yield return Of<Nsid>("nsid", Nsid.TryParse, nsid => nsid.Authority.Length > 0 && nsid.Name.Length > 0, ["com.", ".", "-", "app.bsky"], "app.bsky.feed.post", "com.atproto.repo.createRecord", "a.b.c", "cn.8.lex.stuff");
        yield return Of<RecordKey>("record-key", RecordKey.TryParse, _ => true, ["self", ".", "..", ":", "~", "%"], "self", "3jzfcijpj2z2a", "example.com", "literal:self");
        yield return Of<Tid>("tid", Tid.TryParse, tid => Tid.FromValue(tid.Value) == tid && Tid.Create(tid.UnixMicroseconds, tid.ClockId) == tid, ["2222222222222", "j", "k", "z"], "3jzfcijpj2z2a", "2222222222222", "jzzzzzzzzzzzz");
        yield return Of<Cid>("cid", Cid.TryParse, cid => CidSyntax.IsValid(cid.ToString()) && Cid.TryRead(cid.ToArray(), out Cid again) && again == cid, ["bafkrei", "bafyrei", "b", "z", "Qm"], Samples.CidText, "bafyreib7m5fuzh7nu44guxvc7cslunuzgebaat2gsfp3fc4rkanuirpequ");
        yield return Of<AtUri>("at-uri", AtUri.TryParse, uri => uri.Authority.ToString().Length > 0 && (uri.Collection is not null || uri.Key is null), ["at://", "/", "#/", "%20", "app.bsky.feed.post", "did:plc:a"], "at://did:plc:asdf123/com.atproto.feed.post/self", "at://alice.test", "at://alice.test/app.bsky.feed.post#/a%20");
        yield return new TextTarget("at-identifier", text => !AtIdentifier.TryParse(text, out AtIdentifier identifier) ? Same(!AtIdentifier.IsValid(text)) : Kept(AtIdentifier.IsValid(text) && identifier.ToString().Equals(text, StringComparison.OrdinalIgnoreCase), identifier.TryGetDid(out _) || identifier.TryGetHandle(out _)), ["did:", ".", "plc:"], "did:plc:abc", "alice.test");
        yield return Of<RecordPath>("record-path", RecordPath.TryParse, path => path.Collection.ToString().Length + path.Key.ToString().Length + 1 == path.ToString().Length, ["/", "app.bsky.feed.post", "self"], "app.bsky.feed.post/3jzfcijpj2z2a", "com.example.thing/self");
        yield return Judge("datetime", text => DatetimeSyntax.IsValid(text), text => DateTimeOffset.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out _) || !IsOfDays(text), ["T", "Z", "+00:00", "-00:00", ".123", "0000-", "9999-12-31", "23:59:60"], "1985-04-12T23:20:50.123Z", "1985-04-12T23:20:50+01:45", "0000-01-01T00:00:00Z", "9999-12-31T23:59:59.999999999999-00:01");
        yield return Judge("language", LanguageTag.IsValid, text => text.Length <= 128 && Ascii.IsValid(text), ["-", "x-", "i-", "en", "hy-Latn", "-a-"], "en", "hy-Latn-IT-arevela-a-foo-x-bar", "i-klingon", "zh-min-nan");
        yield return Judge("uri", text => UriSyntax.IsValid(text), text => text.Contains(':', StringComparison.Ordinal), ["https://", ":", "urn:", "%", " "], "https://example.com/path?a=b#c", "urn:isbn:1", "a:b");
        yield return Judge("email", EmailAddress.IsValid, IsAddress, ["@", ".", "\"", "(", "xn--", "+tag"], "alice@example.com", "a.b+c@d-e.test", "x@y.z");
        yield return new TextTarget("service-reference", text => !ServiceReference.TryParse(text, out ServiceReference? reference, out string? fault) ? fault : Kept(reference.ToString() == text, fault is null), ["did:", "#", "atproto_labeler", " "], "did:web:api.bsky.app#bsky_appview");
        yield return new TextTarget("did-key", ReadKey, ["did:key:z", "Q3sh", "Dnae", "z"], Samples.DidKey, "did:key:zDnaeTiq1PdzvZXUaMdezchcMJQpBdH2VN4pgrrEhMCCbmwSb");
        yield return new TextTarget("base58", ReadBase58, ["1", "z", "0"], "2NEpo7TZRRrLZSi2U", "1111", "11233QC4");
        yield return new TextTarget("base32", ReadBase32, ["a", "7", "="], "mzxw6ytboi", "", "aa");
    }

    private static TextTarget Of<T>(string name, TryParse<T> parse, Func<T, bool> holds, string[] tokens, params string[] seeds)
        where T : struct => new(name, text => !parse(text, out T value) ? Refused : Kept(value.ToString() == text, holds(value)), tokens, seeds);

    private static TextTarget Judge(string name, Func<string, bool> isValid, Func<string, bool> holds, string[] tokens, params string[] seeds) =>
        new(name, text => !isValid(text) ? Refused : Kept(true, holds(text)), tokens, seeds);

    private static string? Kept(bool comesBack, bool holds)
    {
        Promise.Holds(comesBack, "A text does not come back as it was.");
        Promise.Holds(holds, "What was parsed breaks its own rules.");
        return null;
    }

    private static string Same(bool agrees)
    {
        Promise.Holds(agrees, "Judging and parsing disagree.");
        return Refused;
    }

    /// <summary>The syntax of datetimes leaves 31 February, years before 1 and offsets beyond 14 hours be.</summary>
    private static bool IsOfDays(string text) => text[^1] == 'Z' && !text.StartsWith("0000", StringComparison.Ordinal) && text[8] < '2' && !text.StartsWith("9999-12", StringComparison.Ordinal) && !text.StartsWith("0001-01-0", StringComparison.Ordinal);

    private static bool IsAddress(string text) =>
        text.Length <= EmailAddress.MaxLength && EmailAddress.Normalize(text) is { } normal && EmailAddress.IsValid(normal) && EmailAddress.Normalize(normal) == normal && EmailAddress.DomainOf(text).Contains('.', StringComparison.Ordinal) && !text.Any(c => char.IsControl(c) || char.IsWhiteSpace(c) || c is '<' or '>' or ',');

    private static string? ReadKey(string text) => !PublicKey.TryParseDidKey(text, out PublicKey? key) ? Refused : Kept(key.ToDidKey() == text, PublicKey.TryParseMultikey(key.ToMultikey(), out PublicKey? again) && again.Equals(key));

    private static string? ReadBase58(string text) => !Base58.TryDecode(text, out byte[] bytes) ? Refused : Kept(Base58.Encode(bytes) == text, true);

    private static string? ReadBase32(string text)
    {
        byte[] digits = Encoding.UTF8.GetBytes(text);
        byte[] bytes = new byte[digits.Length * 5 / 8];
        if (!Base32.TryDecode(digits, bytes))
        {
            return Refused;
        }

        byte[] back = new byte[((bytes.Length * 8) + 4) / 5];
        Base32.Encode(bytes, back);
        return Kept(back.AsSpan().SequenceEqual(digits), true);
    }

    /// <summary>ASCII is itself; a byte beyond it and the one behind make any unit of UTF-16, lone surrogates included.</summary>
    private string Decode(ReadOnlySpan<byte> input)
    {
        int length = 0;
        for (int i = 0; i < input.Length; i++)
        {
            _chars[length++] = input[i] < 0x80 ? (char)input[i] : (char)((input[i] << 8) | (i + 1 < input.Length ? input[++i] : 0));
        }

        return new string(_chars, 0, length);
    }

    private delegate bool TryParse<T>(string? text, out T value);
}
