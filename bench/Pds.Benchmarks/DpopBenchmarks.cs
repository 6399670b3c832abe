using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.DependencyInjection;
using Pds.Application.Accounts;
using Pds.Application.Crypto;
using Pds.Application.OAuth;
using Pds.Application.Pipeline;
using Pds.Application.Settings;
using Pds.Cryptography;
using Pds.Domain.Crypto;
using Pds.Domain.Identifiers;
using Pds.Infrastructure.Crypto;

namespace Pds.Benchmarks;

/// <summary>What a request with an OAuth token costs before its method begins: access token, DPoP proof, scope. Without the lookup of the session in the database.</summary>
[MemoryDiagnoser]
public class DpopBenchmarks
{
    private const string Secret = "secret of the benchmarks";
    private const string Path = "/xrpc/com.atproto.server.getSession";

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private DpopCredentials? _credentials;
    private DpopRequest? _request;
    private string _token = "";

    [Params("atproto transition:generic", "atproto repo:app.bsky.feed.post repo:app.bsky.feed.like rpc:app.bsky.feed.getTimeline?aud=* blob:image/*")]
    public string Scope { get; set; } = "";

    [GlobalSetup]
    public void SetUp()
    {
        var keys = new KeyFactory(Secp256k1.Open());
        ServiceCollection services = new();
        services.AddSingleton(new SecretSettings { JwtSecret = Secret });
        services.AddSingleton(new ServerSettings { PublicUrl = new Uri("https://pds.example.com") });
        services.AddSingleton(new IdentitySettings());
        services.AddSingleton(new OAuthSettings());
        services.AddSingleton<IKeyFactory>(keys);
        services.AddSingleton<IVerifier>(new Verifier());
        services.AddSingleton<ServerIdentity>();
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<IReplayStore, NoReplays>();
        services.AddOAuthUseCases();

        JsonObject jwk = Jwk();
        string thumbprint = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes($$"""{"crv":"P-256","kty":"EC","x":"{{jwk["x"]}}","y":"{{jwk["y"]}}"}""")));
        services.AddSingleton<IOAuthSessionStore>(new OneSession(new OAuthSession
        {
            Id = "ses-1",
            TokenId = "tok-1",
            Did = Sample.Did,
            ClientId = "https://app.example.com/client.json",
            Client = new ClientBinding(KeyThumbprint: null),
            DpopKey = thumbprint,
            Scope = Scope,
            CreatedAt = DateTimeOffset.UtcNow,
            UpdatedAt = DateTimeOffset.UtcNow,
            ExpiresAt = DateTimeOffset.UtcNow.AddDays(1),
            CodeHash = "",
        }));

        ServiceProvider provider = services.BuildServiceProvider();
        long now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        _token = SignToken(new JsonObject
        {
            ["jti"] = "tok-1",
            ["sub"] = Sample.Did.ToString(),
            ["iat"] = now,
            ["exp"] = now + 86_400,
            ["aud"] = "did:web:pds.example.com",
            ["cnf"] = new JsonObject { ["jkt"] = thumbprint },
            ["client_id"] = "https://app.example.com/client.json",
            ["iss"] = "https://pds.example.com",
        });
        string proof = Sign(new JsonObject { ["typ"] = "dpop+jwt", ["alg"] = "ES256", ["jwk"] = jwk }, new JsonObject
        {
            ["htm"] = "GET",
            ["htu"] = $"https://pds.example.com{Path}",
            ["iat"] = now,
            ["jti"] = "a proof",
            ["nonce"] = provider.GetRequiredService<DpopNonces>().Next,
            ["ath"] = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(_token))),
        });
        _request = new DpopRequest([proof], "GET", Path);
        _credentials = provider.GetRequiredService<DpopCredentials>();
    }

    /// <summary>The whole check.</summary>
    [Benchmark(Baseline = true)]
    public ValueTask<Caller> Authenticate() => _credentials!.AuthenticateAsync(_token, _request!, CancellationToken.None);

    private static string Encode(JsonObject json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json.ToJsonString()));

    private static string SignToken(JsonObject claims)
    {
        string unsigned = $"{Encode(new JsonObject { ["typ"] = "at+jwt", ["alg"] = "HS256" })}.{Encode(claims)}";
        return $"{unsigned}.{Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.ASCII.GetBytes(unsigned)))}";
    }

    private string Sign(JsonObject header, JsonObject claims)
    {
        string unsigned = $"{Encode(header)}.{Encode(claims)}";
        return $"{unsigned}.{Base64Url.EncodeToString(_key.SignData(Encoding.ASCII.GetBytes(unsigned), HashAlgorithmName.SHA256))}";
    }

    private JsonObject Jwk()
    {
        ECParameters parameters = _key.ExportParameters(includePrivateParameters: false);
        return new JsonObject { ["kty"] = "EC", ["crv"] = "P-256", ["x"] = Base64Url.EncodeToString(parameters.Q.X), ["y"] = Base64Url.EncodeToString(parameters.Q.Y) };
    }

    /// <summary>The same proof is shown again and again.</summary>
    private sealed class NoReplays : IReplayStore
    {
        public ValueTask<bool> TryAddAsync(string kind, string text, TimeSpan lifetime, CancellationToken cancellationToken) => new(true);
    }

    private sealed class OneSession(OAuthSession session) : IOAuthSessionStore
    {
        public Task AddAsync(SignInProof proof, OAuthSession added, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<OAuthSession?> FindByTokenAsync(string tokenId, CancellationToken cancellationToken) => ValueTask.FromResult<OAuthSession?>(session);

        public ValueTask<OAuthSession?> FindBySecretAsync(string hash, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<OAuthSession>> ListAsync(Did did, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> RotateAsync(OAuthSession renewed, string usedHash, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task RemoveAsync(string id, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
