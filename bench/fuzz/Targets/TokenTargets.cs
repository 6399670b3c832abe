using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Pds.Application.Accounts;
using Pds.Application.Crypto;
using Pds.Application.Identity;
using Pds.Application.OAuth;
using Pds.Application.Pipeline;
using Pds.Application.Settings;
using Pds.Domain.Crypto;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.Identity;

namespace Pds.Fuzz.Targets;

/// <summary>
/// Tokens. The first byte tells what the rest is: a whole token as it comes in a header; or header and claims, parted by a line feed, that are signed as ours
/// or taken for signed. Only <see cref="XrpcException"/> refuses, no token that we did not sign is taken, and what is taken names an account.
/// </summary>
internal sealed class JwtTarget() : FuzzTarget("jwt", Document)
{
    private const byte Whole = 0;
    private const byte OursSigned = 1;
    private const byte Theirs = 2;

    private static readonly HashSet<string> Issued = [.. SeedTokens().Select(token => token[..token.LastIndexOf('.')])];

    public override int MaxLength => 1500;

    public override IReadOnlyList<string> Tokens { get; } =
    [
        "\"typ\":\"at+jwt\"", "\"typ\":\"refresh+jwt\"", "\"typ\":\"JWT\"", "\"alg\":\"HS256\"", "\"alg\":\"none\"", "\"alg\":\"ES256K\"", "\"sub\":", "\"aud\":", "\"scope\":", "\"exp\":", "\"jti\":", "\"iss\":", "\"lxm\":", "\"cnf\":{\"jkt\":", "\\ud800", "\\u0000", "1700003600",
        "9999999999999999999", "-1", "1.5", "null", "{}", "[]", ".", "..", "=", "eyJ", "did:plc:ewvi7nxzyoun6zhxrhs64oiz#atproto_labeler",
    ];

    public override string? Read(ReadOnlyMemory<byte> input)
    {
        if (input.IsEmpty)
        {
            return "empty";
        }

        ReadOnlySpan<byte> rest = input.Span[1..];
        return input.Span[0] switch
        {
            Whole => ReadWhole(Encoding.UTF8.GetString(rest)),
            OursSigned => ReadOurs(Given.SignedByUs(rest)),
            _ => ReadTheirs(Given.Signed(rest, "AAAA"), Given.Signed(rest, Given.NoSignature)),
        };
    }

    public override IEnumerable<(string Name, byte[] Bytes)> Seeds()
    {
        foreach ((string token, int at) in SeedTokens().Select((token, at) => (token, at)))
        {
            yield return ($"whole-{at}", [Whole, .. Encoding.ASCII.GetBytes(token)]);
            yield return ($"ours-{at}", [OursSigned, .. Given.Open(token)]);
        }

        yield return ("service", [Theirs, .. "{\"typ\":\"JWT\",\"alg\":\"ES256K\"}\n{\"iss\":\"did:plc:ewvi7nxzyoun6zhxrhs64oiz\",\"aud\":\"did:web:pds.test\",\"exp\":1700000060,\"lxm\":\"com.atproto.repo.uploadBlob\",\"jti\":\"a\"}"u8]);
    }

    private static IEnumerable<string> SeedTokens() =>
    [
        Given.Sessions.IssueAccess(Samples.Did, SessionScope.Access),
        Given.Sessions.IssueRefresh(Samples.Did, "abcdefgh"),
        Given.SignedByUs(Encoding.ASCII.GetBytes("{\"typ\":\"at+jwt\",\"alg\":\"HS256\"}\n{\"jti\":\"tok\",\"sub\":\"did:plc:ewvi7nxzyoun6zhxrhs64oiz\",\"exp\":1700003600,\"aud\":\"did:web:pds.test\",\"cnf\":{\"jkt\":\"key\"},\"client_id\":\"c\"}")),
    ];

    private static string? ReadWhole(string token)
    {
        string? reason = ReadOurs(token);
        Promise.Holds(reason is not null || Issued.Contains(token[..token.LastIndexOf('.')]), "A token is taken that we did not sign.");
        Inspect(token);
        return reason;
    }

    private static string? ReadOurs(string token)
    {
        ServiceAuthTokens.NamesMethod(token);
        return Given.OAuth.TryRead(token) is not null || Accept(() => Given.Sessions.VerifyRefresh(token, acceptExpired: true)) is null
            ? null
            : Accept(() => Given.Sessions.VerifyAccess(token));
    }

    private static string? ReadTheirs(string unsigned, string signed)
    {
        Inspect(signed);
        Promise.Holds(Accept(() => Verify(unsigned)) is not null, "A token with three bytes for a signature is taken.");
        return Accept(() => Verify(signed));
    }

    private static void Inspect(string token)
    {
        using SignedJson? json = SignedJson.TryRead(token);
        _ = json?.IsFor("https://pds.test");
        _ = json?.IsOfNow(StandingTime.Now, TimeSpan.FromMinutes(1));
        _ = json?.IsUnsigned;
    }

    private static Caller Verify(string token) =>
        Given.Services.VerifyAsync(token, Given.Method, isTrusted: null, once: true, CancellationToken.None).AsTask().GetAwaiter().GetResult();

    private static string? Accept(Func<object> read)
    {
        try
        {
            read();
            return null;
        }
        catch (XrpcException e)
        {
            return e.Message;
        }
    }

    /// <summary>A server at the standing second, whose world has one key.</summary>
    internal static class Given
    {
        public const string Secret = "a secret that is long enough for this";

        private static readonly SecretSettings Secrets = new() { JwtSecret = Secret, PlcRotationKey = new string('1', 64) };

        public static readonly Nsid Method = Nsid.Parse("com.atproto.repo.uploadBlob");
        public static readonly string NoSignature = Base64Url.EncodeToString(new byte[64]);
        public static readonly ServerIdentity Server = new(new ServerSettings { Hostname = "pds.test" }, Secrets, new IdentitySettings(), new NoKeys());
        public static readonly SessionTokens Sessions = new(Secrets, Server, new StandingTime());
        public static readonly OAuthTokens OAuth = new(Secrets, Server, new StandingTime());
        public static readonly DpopNonces Nonces = new(Secrets, new StandingTime());
        public static readonly DpopProofs Proofs = new(Nonces, new Forgetful(), Samples.Signer, Server, new StandingTime());
        public static readonly ServiceAuthTokens Services = new(new OneDocument(), Samples.Signer, Server, new Forgetful(), new StandingTime());

        public static string Signed(ReadOnlySpan<byte> lines, string signature) => $"{Unsigned(lines)}.{signature}";

        public static string SignedByUs(ReadOnlySpan<byte> lines)
        {
            string unsigned = Unsigned(lines);
            return $"{unsigned}.{Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.ASCII.GetBytes(unsigned)))}";
        }

        /// <summary>Header and claims of a token, on a line each.</summary>
        public static byte[] Open(string token)
        {
            string[] parts = token.Split('.');
            return [.. Base64Url.DecodeFromChars(parts[0]), (byte)'\n', .. Base64Url.DecodeFromChars(parts[1])];
        }

        private static string Unsigned(ReadOnlySpan<byte> lines)
        {
            int end = lines.IndexOf((byte)'\n');
            end = end < 0 ? lines.Length : end;
            return $"{Base64Url.EncodeToString(lines[..end])}.{Base64Url.EncodeToString(lines[Math.Min(end + 1, lines.Length)..])}";
        }
    }

    private sealed class NoKeys : IKeyFactory
    {
        public ISigner CreateSigner(KeyCurve curve, ReadOnlySpan<byte> privateKey) => Samples.Signer;

        public byte[] Generate(KeyCurve curve) => throw new NotSupportedException();
    }

    private sealed class Forgetful : IReplayStore
    {
        public ValueTask<bool> TryAddAsync(string kind, string text, TimeSpan lifetime, CancellationToken cancellationToken) => new(true);
    }

    private sealed class OneDocument : IDidResolver
    {
        private static readonly DidDocument Document = DidDocument.Parse(Samples.Did, Encoding.UTF8.GetBytes(
            $$"""{"id":"{{Samples.DidText}}","verificationMethod":[{"id":"#atproto","type":"Multikey","publicKeyMultibase":"{{Samples.DidKey[8..]}}"},{"id":"#atproto_label","type":"Multikey","publicKeyMultibase":"{{Samples.DidKey[8..]}}"}]}"""));

        public ValueTask<DidDocument?> ResolveAsync(Did did, bool refresh, CancellationToken cancellationToken) => new(did == Samples.Did ? Document : null);
    }
}

/// <summary>DPoP proofs whose signature is taken for good, as header and claims parted by a line feed: only <see cref="XrpcException"/> refuses; what is taken names its key.</summary>
internal sealed class DpopTarget() : FuzzTarget("dpop", Document)
{
    private static readonly string Nonce = JwtTarget.Given.Nonces.Next;

    public override int MaxLength => 1500;

    public override IReadOnlyList<string> Tokens { get; } =
    [
        "\"typ\":\"dpop+jwt\"", "\"alg\":\"ES256K\"", "\"alg\":\"RS256\"", "\"jwk\":{", "\"kty\":\"EC\"", "\"crv\":\"secp256k1\"", "\"x\":", "\"y\":", "\"jti\":", "\"htm\":\"POST\"", "\"htu\":\"https://pds.test/oauth/token\"", "\"iat\":", "\"nonce\":", "\"ath\":", "\"d\":\"AA\"",
        "\\ud800", "\\u0000", "1e3", "1700000000.5", "-9223372036854775808", "null", "{}", "[]", "?", "#", "https://pds.test:443/", "%2e%2e",
    ];

    public override string? Read(ReadOnlyMemory<byte> input)
    {
        try
        {
            string? key = JwtTarget.Given.Proofs.VerifyAsync(
                new DpopRequest([JwtTarget.Given.Signed(input.Span, JwtTarget.Given.NoSignature)], "POST", "/oauth/token"), (input.Length & 1) == 0 ? null : "token", CancellationToken.None)
                .AsTask().GetAwaiter().GetResult();
            Promise.Holds(key is { Length: 43 }, "A proof names no key.");
            return null;
        }
        catch (XrpcException e)
        {
            return e.Message;
        }
    }

    public override IEnumerable<(string Name, byte[] Bytes)> Seeds()
    {
        string key = """{"kty":"EC","crv":"secp256k1","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}""";
        string head = $$"""{"typ":"dpop+jwt","alg":"ES256K","jwk":{{key}}}""";
        string hash = Base64Url.EncodeToString(SHA256.HashData("token"u8));
        yield return ("token", Encoding.ASCII.GetBytes($$"""{{head}}{{"\n"}}{"jti":"abc","htm":"POST","htu":"https://pds.test/oauth/token","iat":1700000000,"nonce":"{{Nonce}}"}"""));
        yield return ("resource", Encoding.ASCII.GetBytes($$"""{{head}}{{"\n"}}{"jti":"abc","htm":"POST","htu":"https://pds.test/oauth/token?q#f","iat":1700000000,"nonce":"{{Nonce}}","ath":"{{hash}}"}"""));
        yield return ("rsa", Encoding.ASCII.GetBytes($$$"""{"typ":"dpop+jwt","alg":"RS256","jwk":{"kty":"RSA","n":"{{{new string('q', 342)}}}","e":"AQAB"}}{{{"\n"}}}{"jti":"abc","htm":"POST","htu":"https://pds.test/oauth/token","iat":1700000000,"nonce":"{{{Nonce}}}"}"""));
        yield return ("p256", Encoding.ASCII.GetBytes($$"""{"typ":"dpop+jwt","alg":"ES256","jwk":{{ClientMetadataTarget.Ec}}}{{"\n"}}{"jti":"abc","htm":"POST"}"""));
    }
}
