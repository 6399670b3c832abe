using Pds.Application.Accounts;
using Pds.Application.Identity;
using Pds.Application.Settings;
using Pds.Domain.Crypto;
using Pds.Domain.Identifiers;
using Pds.Domain.Identity;
using Pds.Infrastructure.OAuth;
using Pds.UnitTests.Crypto;
using Pds.UnitTests.Fakes;

namespace Pds.UnitTests.Accounts;

/// <summary>Tokens of the server <c>did:web:pds.test</c>, at 2023-11-14T22:13:20Z.</summary>
internal static class GivenTokens
{
    public const long Now = 1_700_000_000;

    private static readonly SecretSettings Secrets = new()
    {
        JwtSecret = "conformance-jwt-secret-0123456789abcdef",
        PlcRotationKey = Convert.ToHexStringLower(GivenKeys.RotationScalar),
    };

    public static ManualTime Clock() => new(DateTimeOffset.FromUnixTimeSeconds(Now));

    public static ServerIdentity Server() => new(new ServerSettings { Hostname = "pds.test" }, Secrets, new IdentitySettings(), GivenKeys.Factory);

    public static SessionTokens Sessions(TimeProvider? time = null) => new(Secrets, Server(), time ?? Clock());

    public static ServiceAuthTokens Services(FakeDids dids, TimeProvider? time = null) => new(dids, GivenKeys.Verifier, Server(), new MemoryReplayStore(time ?? Clock()), time ?? Clock());
}

/// <summary>Publishes one key for every DID: what the cache holds, and what a fresh look finds.</summary>
internal sealed class FakeDids : IDidResolver
{
    public PublicKey? Cached { get; init; }

    public PublicKey? Fresh { get; init; }

    public int Refreshes { get; private set; }

    public ValueTask<DidDocument?> ResolveAsync(Did did, bool refresh, CancellationToken cancellationToken)
    {
        Refreshes += refresh ? 1 : 0;
        PublicKey? key = refresh ? Fresh ?? Cached : Cached;
        return new(key is null ? null : DidDocument.Parse(did, System.Text.Encoding.UTF8.GetBytes($$"""
            {"id":"{{did}}","verificationMethod":[{"id":"{{did}}#atproto","type":"Multikey","controller":"{{did}}","publicKeyMultibase":"{{key.ToMultikey()}}"},
            {"id":"{{did}}#atproto_label","type":"Multikey","controller":"{{did}}","publicKeyMultibase":"{{key.ToMultikey()}}"}]}
            """)));
    }
}
